import type { ListOptions, Tokens } from '@tessera/core'
import { spreadOf } from '../harness/spread.ts'
import { OWNER, PAGE } from './pages.ts'

// A filter that one token in a hundred passes reads all of the owner's, which is not done again and again for a million.
const MOST_TOKENS_READ = 300_000
const MOST_TRIES = 9

/** What {@link filteredRow} fills. */
export const filteredColumns: readonly string[] = [
  'tokens of the owner',
  'by status, ms',
  'by name, ms',
  'by name, from the start on, ms',
  'tries',
]

/**
 * How long a filtered page takes, the median of several tries: status and name, each passed by one token in 100. By offset
 * it comes with the total of all that pass; from the start or a row on, without.
 */
export async function filteredRow(tokens: Tokens, count: number): Promise<(string | number)[]> {
  const tries = Math.min(MOST_TRIES, Math.max(1, Math.floor(MOST_TOKENS_READ / count)))
  const [counted, following] = [{ offset: 0, limit: PAGE } as const, { after: null, limit: PAGE } as const]
  const total = count / 100
  const byStatus = await msOf(tokens, { statuses: ['revoked'], window: counted }, { tries, total })
  const byName = await msOf(tokens, { name: 'NIGHTLY', window: counted }, { tries, total })
  const fromStart = await msOf(tokens, { name: 'NIGHTLY', window: following }, { tries, total: null })
  return [count.toLocaleString('en'), ...[byStatus, byName, fromStart].map((ms) => ms.toPrecision(3)), tries]
}

async function msOf(
  tokens: Tokens,
  options: ListOptions,
  { tries, total }: { readonly tries: number; readonly total: number | null },
): Promise<number> {
  const ms: number[] = []
  while (ms.length < tries) {
    const startedAt = performance.now()
    const list = await tokens.list(OWNER, options)
    ms.push(performance.now() - startedAt)
    if (list.total !== total) throw new Error(`${list.total} tokens pass the filter, and not ${total}`)
    if (list.tokens.length === 0) throw new Error('the page is empty')
  }
  return spreadOf(ms).median
}
