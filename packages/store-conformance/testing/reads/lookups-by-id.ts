import type { TokenCache, TokenRecord } from '@tessera/core'
import { NOW } from '../../src/steps/sample-token.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { broken, brokenIn, cachingNothing, findIn, roundTrip } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'

type Found = TokenRecord | null

/** A cache that finds tokens by owner and id only. */
function finding(findToken: TokenCache['findToken']): { readonly cache: TokenCache } {
  return { cache: { ...cachingNothing, findToken } }
}

const STEPS = [
  'insert',
  'suspend',
  'resume',
  'edit',
  'rekey',
  'rotate',
  'completeRotation',
  'revoke',
  'revokeAll',
  'prune',
] as const

type StepName = (typeof STEPS)[number]

/** The steps of a store, each followed by some work. */
function followed(store: StepsOnStore, work: (step: StepName) => void): Pick<StepsOnStore, StepName> {
  const then =
    <Args extends unknown[], Answer>(name: StepName, step: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      const answer = await step(...args)
      work(name)
      return answer
    }
  return {
    insert: then('insert', store.insert),
    suspend: then('suspend', store.suspend),
    resume: then('resume', store.resume),
    edit: then('edit', store.edit),
    rekey: then('rekey', store.rekey),
    rotate: then('rotate', store.rotate),
    completeRotation: then('completeRotation', store.completeRotation),
    revoke: then('revoke', store.revoke),
    revokeAll: then('revokeAll', store.revokeAll),
    prune: then('prune', store.prune),
  }
}

/** A store that keeps what it found, tokens and their absence, until any step but the one that it forgets to forget by. */
function keepingThrough(forgotten: StepName): () => StepsOnStore {
  return brokenIn((store, state) => {
    const kept = new Map<string, Found>()
    return {
      ...followed(store, (step) => (step === forgotten ? undefined : kept.clear())),
      ...finding(async (owner, id) => {
        const key = JSON.stringify([owner, id])
        const found = kept.has(key) ? (kept.get(key) ?? null) : findIn(state, owner, id)
        kept.set(key, found)
        return found
      }),
    }
  })
}

/** A store that finds a token, and shows something else of it. */
function showing(other: (record: TokenRecord) => Partial<TokenRecord>): () => StepsOnStore {
  return brokenIn((_, state) => ({
    ...finding(async (owner, id) => {
      const record = findIn(state, owner, id)
      return record && { ...record, ...other(record) }
    }),
  }))
}

export const lookupsById: BrokenStores = {
  ...Object.fromEntries(STEPS.map((step) => [`finds a token as it was before ${step}`, keepingThrough(step)])),
  'keeps the token as it found it first': brokenIn((_, state) => {
    const kept = new Map<string, Found>()
    return {
      ...finding(async (owner, id) => {
        const key = JSON.stringify([owner, id])
        const found = kept.get(key) ?? findIn(state, owner, id)
        kept.set(key, found)
        return found
      }),
    }
  }),
  'remembers that there was no token': brokenIn((_, state) => {
    const absent = new Set<string>()
    return {
      ...finding(async (owner, id) => {
        const key = JSON.stringify([owner, id])
        const found = absent.has(key) ? null : findIn(state, owner, id)
        if (found === null) absent.add(key)
        return found
      }),
    }
  }),
  'forgets the owner in the keys of its tokens': brokenIn((_, state) => ({
    ...finding(async (_owner, id) => state.records.find((record) => record.id === id) ?? null),
  })),
  'keys tokens by owner and id without a boundary': brokenIn((_, state) => ({
    ...finding(
      async (owner, id) => state.records.find((record) => `${record.owner}${record.id}` === `${owner}${id}`) ?? null,
    ),
  })),
  'shows a use that was not': showing(() => ({ lastUsedAt: NOW + 1_000 })),
  'shows an end that never was': showing(({ expiresAt }) => ({ expiresAt: expiresAt && expiresAt - 1 })),
  'shows no end': showing(() => ({ expiresAt: null })),
  'has no token while it suspends it': brokenIn((store, state) => {
    const busy = new Set<string>()
    return {
      async suspend(owner, id, change) {
        busy.add(id)
        await roundTrip()
        busy.delete(id)
        return store.suspend(owner, id, change)
      },
      ...finding(async (owner, id) => (busy.has(id) ? null : findIn(state, owner, id))),
    }
  }),
  'keeps a reading of a token that a change overtook': brokenIn((store, state) => {
    const kept = new Map<string, TokenRecord>()
    return {
      ...followed(store, () => kept.clear()),
      ...finding(async (owner, id) => {
        const key = JSON.stringify([owner, id])
        const found = kept.get(key) ?? findIn(state, owner, id)
        await roundTrip()
        if (found !== null) kept.set(key, found)
        return found
      }),
    }
  }),
  'shares a reading of a token that a change overtook': brokenIn((_, state) => {
    const underWay = new Map<string, Promise<Found>>()
    return {
      ...finding(async (owner, id) => {
        const key = JSON.stringify([owner, id])
        const read = async () => {
          const found = findIn(state, owner, id)
          await roundTrip()
          underWay.delete(key)
          return found
        }
        const reading = underWay.get(key) ?? read()
        underWay.set(key, reading)
        return reading
      }),
    }
  }),
  'finds by the id alone only what the first owner has': broken((store, state) => ({
    findById: async (id) => store.find(state.records[0]?.owner ?? '', id),
  })),
  'finds by the id alone what begins with it': broken((_store, state) => ({
    findById: async (id) => state.records.find((record) => record.id.startsWith(id)) ?? null,
  })),
  'finds by the id alone no successor': broken((store) => ({
    async findById(id) {
      const found = await store.findById(id)
      return found?.rotatedFrom === null ? found : null
    },
  })),
  'finds by the id alone what was pruned': broken((store) => {
    const known = new Map<string, TokenRecord>()
    return {
      async findById(id) {
        const found = await store.findById(id)
        if (found !== null) known.set(id, found)
        return found ?? known.get(id) ?? null
      },
    }
  }),
}
