import type { TokenRecord, TokenStore } from '@tessera/core'
import { NOW } from '../sample-token.ts'
import { brokenIn, findIn, roundTrip } from './broken.ts'
import type { BrokenStores } from './broken.ts'

type Found = TokenRecord | null

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
function followed(store: TokenStore, work: (step: StepName) => void): Pick<TokenStore, StepName> {
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
function keepingThrough(forgotten: StepName): () => TokenStore {
  return brokenIn((store, state) => {
    const kept = new Map<string, Found>()
    return {
      ...followed(store, (step) => (step === forgotten ? undefined : kept.clear())),
      async findStanding(owner, id) {
        const key = JSON.stringify([owner, id])
        const found = kept.has(key) ? (kept.get(key) ?? null) : findIn(state, owner, id)
        kept.set(key, found)
        return found
      },
    }
  })
}

/** A store that finds a token, and tells something else of it. */
function telling(other: (record: TokenRecord) => Partial<TokenRecord>): () => TokenStore {
  return brokenIn((_, state) => ({
    async findStanding(owner, id) {
      const record = findIn(state, owner, id)
      return record && { ...record, ...other(record) }
    },
  }))
}

export const lookupsById: BrokenStores = {
  ...Object.fromEntries(STEPS.map((step) => [`finds a standing as it was before ${step}`, keepingThrough(step)])),
  'keeps the standing that it found first': brokenIn((_, state) => {
    const kept = new Map<string, Found>()
    return {
      async findStanding(owner, id) {
        const key = JSON.stringify([owner, id])
        const found = kept.get(key) ?? findIn(state, owner, id)
        kept.set(key, found)
        return found
      },
    }
  }),
  'remembers that there was no standing': brokenIn((_, state) => {
    const absent = new Set<string>()
    return {
      async findStanding(owner, id) {
        const key = JSON.stringify([owner, id])
        const found = absent.has(key) ? null : findIn(state, owner, id)
        if (found === null) absent.add(key)
        return found
      },
    }
  }),
  'forgets the owner in what it keys standings by': brokenIn((_, state) => ({
    findStanding: async (_owner, id) => state.records.find((record) => record.id === id) ?? null,
  })),
  'keys standings by owner and id without a boundary': brokenIn((_, state) => ({
    findStanding: async (owner, id) =>
      state.records.find((record) => `${record.owner}${record.id}` === `${owner}${id}`) ?? null,
  })),
  'tells of a use that was not': telling(() => ({ lastUsedAt: NOW + 1_000 })),
  'tells of an end that never was': telling(({ expiresAt }) => ({ expiresAt: expiresAt && expiresAt - 1 })),
  'tells of no end': telling(() => ({ expiresAt: null })),
  'has no standing to tell of while it suspends': brokenIn((store, state) => {
    const busy = new Set<string>()
    return {
      async suspend(owner, id, change) {
        busy.add(id)
        await roundTrip()
        busy.delete(id)
        return store.suspend(owner, id, change)
      },
      findStanding: async (owner, id) => (busy.has(id) ? null : findIn(state, owner, id)),
    }
  }),
  'keeps a reading of a standing that a change overtook': brokenIn((store, state) => {
    const kept = new Map<string, TokenRecord>()
    return {
      ...followed(store, () => kept.clear()),
      async findStanding(owner, id) {
        const key = JSON.stringify([owner, id])
        const found = kept.get(key) ?? findIn(state, owner, id)
        await roundTrip()
        if (found !== null) kept.set(key, found)
        return found
      },
    }
  }),
  'shares a reading of a standing that a change overtook': brokenIn((_, state) => {
    const underWay = new Map<string, Promise<Found>>()
    return {
      async findStanding(owner, id) {
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
      },
    }
  }),
}
