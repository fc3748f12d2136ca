import type { Query } from '../driver/database.ts'
import { readFacts, readLayout } from './database-facts.ts'
import { whyIncomplete, whyRefused, whyUnfit } from './why-not-ready.ts'

/**
 * Checks whether a store can keep its promises there.
 *
 * @param mustLast Whether an acknowledged change must outlive a crash of the server.
 * @throws Error for the first fault, with the statement to run
 */
export async function checkDatabase(query: Query, schema: string, mustLast: boolean): Promise<void> {
  const facts = await readFacts(query, schema)
  const why =
    whyUnfit(facts, mustLast) ??
    (await whyIncomplete(facts, schema, () => readLayout(query, schema))) ??
    whyRefused(facts, schema)
  if (why !== null) throw new Error(`postgresStore: ${why}`)
}
