import type { CachedRecord, TokenCache, TokenRecord } from '@tessera/core'
import type { NaiveState } from '../../src/model/naive-store/state.ts'
import { brokenIn, cachingNothing } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'

/** A cache that finds records by their digests. */
function holding(look: (digests: readonly string[]) => CachedRecord | null): { readonly cache: TokenCache } {
  return { cache: { ...cachingNothing, has: (digests) => look(digests) !== null, find: look } }
}

function under({ records }: Readonly<NaiveState>, digests: readonly string[]): TokenRecord | null {
  return records.find(({ digest }) => digests.includes(digest)) ?? null
}

export const cached: BrokenStores = {
  'holds on to what it found first': brokenIn((_, state) => {
    const kept = new Map<string, CachedRecord>()
    return holding(([digest = '']) => {
      const record = under(state, [digest])
      if (record !== null && !kept.has(digest)) kept.set(digest, { record, memo: null })
      return kept.get(digest) ?? null
    })
  }),
  'leaves what was made of a record with the next one': brokenIn((_, state) => {
    const kept = new Map<string, CachedRecord>()
    return holding((digests) => {
      const record = under(state, digests)
      if (record === null) return null
      const one = { memo: kept.get(record.id)?.memo ?? null, record }
      kept.set(record.id, one)
      return one
    })
  }),
  'holds one record under every digest': brokenIn((_, state) =>
    holding(() => {
      const [record] = state.records
      return record === undefined ? null : { record, memo: null }
    }),
  ),
}
