import { asOf } from '@tessera/core'
import type { TokenRecord, TokenUse } from '@tessera/core'
import { factsOfUse } from '../../src/model/naive-store/changes-of-one.ts'
import { write } from '../../src/model/naive-store/state.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { broken, brokenIn, findIn, overwrite, roundTrip } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'

/** A store that then sets other facts about a used token, by what the token was before and what the use asks for. */
function extendingAs(
  other: (former: TokenRecord, use: TokenUse & { readonly extendTo: number }) => Partial<TokenRecord>,
): () => StepsOnStore {
  return broken((store, state) => ({
    async recordUse(batch) {
      for (const use of batch) {
        const { extendTo } = use
        const former = findIn(state, use.owner, use.id)
        await store.recordUse([use])
        if (former !== null && extendTo !== undefined) {
          overwrite(state, use.owner, use.id, other(former, { ...use, extendTo }))
        }
      }
    },
  }))
}

/** A store that hands on some of the uses of a batch. */
function handingOn(some: (batch: readonly TokenUse[]) => readonly TokenUse[]): () => StepsOnStore {
  return broken((store) => ({ recordUse: (batch) => store.recordUse(some(batch)) }))
}

const withoutExtension = ({ owner, id, at }: TokenUse): TokenUse => ({ owner, id, at })

/** Acts on the tokens as they expired when they were issued. */
function byFirstExpiry(
  spoil: (store: StepsOnStore, reset: () => () => void) => Partial<StepsOnStore>,
): () => StepsOnStore {
  return brokenIn((store, state) => {
    const firstExpiry = new Map<string, number | null>()
    const reset = () => {
      const { records } = state
      state.records = records.map((record) => ({
        ...record,
        expiresAt: firstExpiry.get(record.id) ?? record.expiresAt,
      }))
      return () => {
        state.records = state.records.map((record) => records.find(({ id }) => id === record.id) ?? record)
      }
    }
    const spoilt = { ...store, ...spoil(store, reset) }
    return {
      ...spoilt,
      insert(record, conditions) {
        firstExpiry.set(record.id, record.expiresAt)
        return spoilt.insert(record, conditions)
      },
    }
  })
}

export const extensions: BrokenStores = {
  'extends no token': handingOn((batch) => batch.map(withoutExtension)),
  'extends the first token of a batch': handingOn((batch) =>
    batch.map((use, index) => (index === 0 ? use : withoutExtension(use))),
  ),
  'takes a batch from its end': handingOn((batch) => [...batch].reverse()),
  'moves the expiry back': extendingAs((_, { extendTo }) => ({ expiresAt: extendTo })),
  'gives an expiry to a token without': extendingAs(({ expiresAt }, { extendTo }) =>
    expiresAt === null ? { expiresAt: extendTo } : {},
  ),
  'brings an expired token back': extendingAs(({ expiresAt }, { at, extendTo }) =>
    expiresAt !== null && at > expiresAt ? { expiresAt: extendTo } : {},
  ),
  'extends at the very instant of the expiry': extendingAs(({ expiresAt }, { at, extendTo }) =>
    at === expiresAt ? { expiresAt: extendTo } : {},
  ),
  'extends a revoked token': extendingAs(({ revokedAt, expiresAt }, { at, extendTo }) =>
    revokedAt !== null && expiresAt !== null && at < expiresAt ? { expiresAt: Math.max(expiresAt, extendTo) } : {},
  ),
  'extends what the clock has revoked': extendingAs((former, { at, extendTo }) =>
    former.revokedAt === null && asOf(former, at).revokedAt !== null ? { expiresAt: extendTo } : {},
  ),
  'extends no token that was rotated': extendingAs(({ rotatedTo, expiresAt }) =>
    rotatedTo === null ? {} : { expiresAt },
  ),
  'extends the overlap with the expiry': extendingAs(({ overlapEndsAt }, { extendTo }) =>
    overlapEndsAt === null ? {} : { overlapEndsAt: extendTo },
  ),
  'extends no suspended token': extendingAs(({ suspendedAt, expiresAt }) =>
    suspendedAt === null ? {} : { expiresAt },
  ),
  'extends by the last use only': extendingAs(({ lastUsedAt, expiresAt }, { at }) =>
    lastUsedAt !== null && at <= lastUsedAt ? { expiresAt } : {},
  ),
  'extends what was asked for': extendingAs(({ fixedExpiry }, { extendTo }) =>
    fixedExpiry ? { expiresAt: extendTo } : {},
  ),
  'extends beyond the ceiling': extendingAs(({ expiryCeiling }, { extendTo }) =>
    expiryCeiling === null ? {} : { expiresAt: extendTo },
  ),
  'counts an extension as a change': extendingAs((_, { at }) => ({ updatedAt: at })),
  'extends by read, merge and write': brokenIn((_, state) => ({
    async recordUse(batch) {
      for (const use of batch) {
        const record = findIn(state, use.owner, use.id)
        await roundTrip()
        if (record !== null) write(state, { ...record, ...factsOfUse(record, use) })
      }
    },
  })),
  'compares an expiry and then writes it': brokenIn((_, state) => ({
    async recordUse(batch) {
      for (const use of batch) {
        const record = findIn(state, use.owner, use.id)
        await roundTrip()
        if (record !== null) overwrite(state, use.owner, use.id, factsOfUse(record, use))
      }
    },
  })),
  'extends a token that was pruned meanwhile': brokenIn((store, state) => ({
    async recordUse(batch) {
      const former = batch.map(({ owner, id }) => findIn(state, owner, id)).filter((record) => record !== null)
      await roundTrip()
      const pruned = former.filter(({ owner, id }) => findIn(state, owner, id) === null)
      state.records = [...state.records, ...pruned]
      await store.recordUse(batch)
    },
  })),
  'prunes by the expiry that was issued': byFirstExpiry((store, reset) => ({
    async prune(retention) {
      const restore = reset()
      const count = await store.prune(retention)
      restore()
      return count
    },
  })),
  'counts by the expiry that was issued': byFirstExpiry((store, reset) => ({
    async insert(record, conditions) {
      const restore = reset()
      const answer = await store.insert(record, conditions)
      restore()
      return answer
    },
  })),
}
