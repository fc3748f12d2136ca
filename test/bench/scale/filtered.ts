import type { ListOptions, Tokens } from '@tessera/core'
import { spreadOf } from '../harness/spread.ts'
import { OWNER, PAGE } from './pages.ts'

// A filter that one token in a hundred passes reads all of the owner's, which is not done again and again for a million.
const MOST_TOKENS_READ = 300_000
const MOST_TRIES = 9

/** What {@link filteredRow} fills. */
export const filteredColumns: readonly string[] = ['tokens of the owner', 'by status, ms', 'by name, ms', 'tries']

/** How long a filtered page takes, the median of several tries: status and name, each passed by one token in 100. */
export async function filteredRow(tokens: Tokens, count: number): Promise<(string | number)[]> {
  const tries = Math.min(MOST_TRIES, Math.max(1, Math.floor(MOST_TOKENS_READ / count)))
  const window = { offset: 0, limit: PAGE }
  const byStatus = await msOf(tokens, { statuses: ['revoked'], window }, { tries, passing: count / 100 })
  const byName = await msOf(tokens, { name: 'NIGHTLY', window }, { tries, passing: count / 100 })
  return [count.toLocaleString('en'), byStatus.toPrecision(3), byName.toPrecision(3), tries]
}

async function msOf(
  tokens: Tokens,
  options: ListOptions,
  { tries, passing }: { readonly tries: number; readonly passing: number },
): Promise<number> {
  const ms: number[] = []
  while (ms.length < tries) {
    const startedAt = performance.now()
    const { total } = await tokens.list(OWNER, options)
    ms.push(performance.now() - startedAt)
    if (total !== passing) throw new Error(`${total} tokens pass the filter, and not ${passing}`)
  }
  return spreadOf(ms).median
}
