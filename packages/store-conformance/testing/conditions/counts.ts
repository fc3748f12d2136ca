import type { TokenRecord } from '@tessera/core'
import { activeOf } from '../../src/model/naive-store/insert.ts'
import { USUAL } from '../../src/steps/steps-on.ts'
import { broken, roundTrip } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'

/** A store that counts active tokens as if they were others. */
function countingAs(tokenAs: (record: TokenRecord, owner: string) => TokenRecord): () => StepsOnStore {
  return broken((_, state) => ({
    countActive: async (owner, at, prefixes = USUAL.prefixes) =>
      activeOf({ ...state, records: state.records.map((record) => tokenAs(record, owner)) }, owner, at, prefixes)
        .length,
  }))
}

export const counts: BrokenStores = {
  'leaves suspended tokens out of the count': countingAs((record) => ({ ...record, revokedAt: record.suspendedAt })),
  'counts rotated tokens beside their successors': countingAs((record) => ({ ...record, rotatedTo: null })),
  'counts a token no more at the instant before its expiry': countingAs((record) => ({
    ...record,
    expiresAt: record.expiresAt && record.expiresAt - 1,
  })),
  'counts the tokens of another owner too': countingAs((record, owner) => ({ ...record, owner })),
  'counts the tokens of every prefix': countingAs((record) => ({ ...record, prefix: 'ot_pat' })),
  'counts inserts that are still on their way': broken((store) => {
    let onTheWay = 0
    return {
      async insert(record, conditions) {
        onTheWay += 1
        await roundTrip()
        return store.insert(record, conditions).finally(() => {
          onTheWay -= 1
        })
      },
      countActive: async (...counted) => (await store.countActive(...counted)) + onTheWay,
    }
  }),
}
