import { migrationSql } from '../src/migrations/migration-sql.ts'

/** Schemas with the tables of a store, each for one test at a time. To empty one is quicker than to make it. */
export interface Schemas {
  /** Resolves to the name of one without tokens. */
  take(): Promise<string>
  /** Empties it for a later test. */
  giveBack(schema: string): Promise<void>
}

/** @param execute Runs a script of statements. */
export function schemasIn(execute: (script: string) => Promise<unknown>): Schemas {
  const free: string[] = []
  let count = 0

  return {
    async take() {
      const known = free.pop()
      if (known !== undefined) return known
      count += 1
      const schema = `tessera_${count}`
      await execute(migrationSql({ schema }))
      return schema
    },
    async giveBack(schema) {
      const tables = ['tokens', 'totals', 'requests', 'changes', 'facts']
      const first = "(n, nonce) values (0, replace(gen_random_uuid()::text, '-', ''))"
      const emptied = tables.map((table) => `delete from "${schema}".${table};`).join(' ')
      await execute(`begin; ${emptied} insert into "${schema}".changes ${first}; commit`)
      free.push(schema)
    },
  }
}
