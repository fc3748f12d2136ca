import type { FindByDigest, HeldRecord, TokenRecord } from '@tessera/core'
import type { NaiveState } from '../naive-store/state.ts'
import { broken } from './broken.ts'
import type { BrokenStores } from './broken.ts'

/** A `findByDigest` that looks in memory first. */
function holding(find: FindByDigest, look: (digests: readonly string[]) => HeldRecord | null): FindByDigest {
  const held = { has: (digests: readonly string[]) => look(digests) !== null, find: look }
  return Object.assign((...args: Parameters<FindByDigest>) => find(...args), { held })
}

function under({ records }: Readonly<NaiveState>, digests: readonly string[]): TokenRecord | null {
  return records.find(({ digest }) => digests.includes(digest)) ?? null
}

export const held: BrokenStores = {
  'holds on to what it found first': broken((store, state) => {
    const kept = new Map<string, HeldRecord>()
    return {
      findByDigest: holding(store.findByDigest, ([digest = '']) => {
        const record = under(state, [digest])
        if (record !== null && !kept.has(digest)) kept.set(digest, { record, acceptance: null })
        return kept.get(digest) ?? null
      }),
    }
  }),
  'leaves what was made of a record with the next one': broken((store, state) => {
    const kept = new Map<string, HeldRecord>()
    return {
      findByDigest: holding(store.findByDigest, (digests) => {
        const record = under(state, digests)
        if (record === null) return null
        const one = { acceptance: kept.get(record.id)?.acceptance ?? null, record }
        kept.set(record.id, one)
        return one
      }),
    }
  }),
  'holds one record under every digest': broken((store, state) => ({
    findByDigest: holding(store.findByDigest, () => {
      const [record] = state.records
      return record === undefined ? null : { record, acceptance: null }
    }),
  })),
}
