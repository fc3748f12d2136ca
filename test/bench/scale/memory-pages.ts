import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import type { Bench } from '../harness/bench.ts'
import type { Row } from '../harness/group.ts'
import { PREFIX } from '../in-process/issued-tokens.ts'
import { fill, NOW } from './fill.ts'
import { filteredColumns, filteredRow } from './filtered.ts'
import { COUNTS, OWNER, PAGE, pageRow, placeBefore } from './pages.ts'

/** The same in memory, where a page of the fewest tokens is the base: it is to cost no more among many. */
export async function measureMemoryPages(bench: Bench): Promise<void> {
  const filtered: (string | number)[][] = []
  const rows: Row[] = []
  for (const count of COUNTS) {
    const store = memoryStore()
    const tokens = createTokens({ store, prefix: PREFIX, now: () => NOW })
    await fill(store, { from: 0, to: count, ownerOf: () => OWNER })
    const middle = count / 2
    const after = await placeBefore(tokens, middle)
    const of = count.toLocaleString('en')
    rows.push(pageRow(`${of}, by offset`, tokens, { window: { offset: middle, limit: PAGE } }))
    rows.push(pageRow(`${of}, by cursor`, tokens, { window: { after, limit: PAGE } }))
    filtered.push(await filteredRow(tokens, count))
  }
  const [base, ...others] = rows
  if (base === undefined) throw new Error('there is nothing to list')
  const name = 'Scale: a page of 50 from the middle, memory-store'
  await bench.measure({ name, compares: 'time', base, rows: others })
  bench.table({ name: 'Scale: a filtered page of 50, memory-store', columns: filteredColumns, rows: filtered })
}
