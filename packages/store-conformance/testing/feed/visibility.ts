import type { ChangeFeed } from '@tessera/core'
import { NAIVE_FEED, changesSince, newestRevision } from '../../src/model/naive-store/changes.ts'
import { newRevision } from '../../src/model/naive-store/state.ts'
import type { LoggedChange, NaiveState } from '../../src/model/naive-store/state.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { brokenIn, roundTrip, roundTrips } from '../broken/broken.ts'
import type { BrokenStores, NaiveStore } from '../broken/broken.ts'

const STEPS = ['revoke', 'revokeAll', 'suspend', 'resume', 'edit', 'rotate', 'completeRotation', 'rekey'] as const

type StepName = (typeof STEPS)[number]

/** Writes the entries of one step to the log, in its own time. */
type Log = (entries: readonly LoggedChange[]) => Promise<void>

const numberOf = ({ revision }: LoggedChange): number => Number.parseInt(revision, 10)

/** Gives entries the numbers that follow. */
function numbered(entries: readonly LoggedChange[], from: number): LoggedChange[] {
  return entries.map((entry, index) => ({ ...entry, revision: newRevision(from + 1 + index) }))
}

/** Adds entries where their numbers belong. */
function addTo(state: NaiveState, entries: readonly LoggedChange[]): void {
  const changes = [...state.changes, ...entries].sort((a, b) => numberOf(a) - numberOf(b))
  state.changes = changes.slice(-NAIVE_FEED.keeps - 1)
}

/** Makes a step at once and takes its entries back out of the log. */
function unlogged<Answer>(state: NaiveState, step: () => Answer): { answer: Answer; entries: LoggedChange[] } {
  const former = state.changes
  const answer = step()
  const entries = state.changes.filter((entry) => !former.includes(entry))
  state.changes = former
  return { answer, entries }
}

/** Lets one step of an owner go on after the other, as those do that wait for the lock of a row. */
function oneAfterAnother(): <Answer>(owner: string, step: () => Promise<Answer>) => Promise<Answer> {
  const last = new Map<string, Promise<unknown>>()
  return async (owner, step) => {
    const mine = (last.get(owner) ?? Promise.resolve()).then(step)
    last.set(owner, mine)
    return mine
  }
}

/** A store whose steps write the log in another way, before they let the next step of the owner begin. */
function logging(
  logOf: (state: NaiveState) => { readonly log: Log; readonly feed?: Partial<ChangeFeed> },
): () => StepsOnStore {
  return brokenIn((store, state) => {
    const { log, feed } = logOf(state)
    const locked = oneAfterAnother()
    const within: Within =
      (step) =>
      (...args) =>
        locked(args[0], async () => {
          const { answer, entries } = unlogged(state, () => step(...args))
          if (entries.length > 0) await log(entries)
          return answer
        })
    return { ...stepsOf(store, within), feed: { ...store.feed, ...feed } }
  })
}

type Within = <Args extends [owner: string, ...unknown[]], Answer>(
  step: (...args: Args) => Promise<Answer>,
) => (...args: Args) => Promise<Answer>

function stepsOf(store: NaiveStore, within: Within): Pick<StepsOnStore, StepName> {
  return {
    revoke: within(store.revoke),
    revokeAll: within(store.revokeAll),
    suspend: within(store.suspend),
    resume: within(store.resume),
    edit: within(store.edit),
    rotate: within(store.rotate),
    completeRotation: within(store.completeRotation),
    rekey: within(store.rekey),
  }
}

/** A store one of whose steps is acknowledged first and announced later. */
function acknowledging(early: StepName): () => StepsOnStore {
  return brokenIn((store, state) => {
    const within: Within =
      (step) =>
      async (...args) => {
        const { answer, entries } = unlogged(state, () => step(...args))
        void roundTrip().then(() => addTo(state, numbered(entries, Number.parseInt(newestRevision(state), 10))))
        return answer
      }
    return { [early]: stepsOf(store, within)[early] }
  })
}

/** A store that counts a revocation before it makes it, and shows some of its readers that count. */
function countingAhead(
  shown: (state: NaiveState, ahead: readonly string[]) => Partial<ChangeFeed>,
): () => StepsOnStore {
  return brokenIn((store, state) => {
    const ahead: string[] = []
    const feed = { ...store.feed, ...shown(state, ahead) }
    return {
      async revoke(owner, id, revocation) {
        const revision = newRevision(Number.parseInt(ahead.at(-1) ?? newestRevision(state), 10) + 1)
        ahead.push(revision)
        await roundTrips(3)
        const { answer, entries } = unlogged(state, () => store.revoke(owner, id, revocation))
        ahead.shift()
        addTo(
          state,
          entries.map((entry) => ({ ...entry, revision })),
        )
        return answer
      },
      feed: {
        ...feed,
        changesSince: async (since) =>
          ahead.includes(since) ? { revision: since, digests: [] } : feed.changesSince(since),
      },
    }
  })
}

export const visibility: BrokenStores = {
  'draws the numbers of changes from a sequence, and commits them in another order': logging((state) => {
    let [drawn, transactions] = [0, 0]
    return {
      async log(entries) {
        const drawnEntries = numbered(entries, drawn)
        drawn += entries.length
        transactions += 1
        await roundTrips(transactions % 3 === 0 ? 6 : 2)
        addTo(state, drawnEntries)
      },
    }
  }),
  'moves the revision before the entry is there': logging((state) => {
    const missing = new Set<string>()
    return {
      async log(entries) {
        const counted = numbered(entries, Number.parseInt(newestRevision(state), 10))
        for (const { revision } of counted) missing.add(revision)
        addTo(state, counted)
        await roundTrips(2)
        for (const { revision } of counted) missing.delete(revision)
      },
      feed: {
        async changesSince(since) {
          const changes = state.changes.filter(({ revision }) => revision === since || !missing.has(revision))
          return { ...changesSince({ ...state, changes }, since), revision: newestRevision(state) }
        },
      },
    }
  }),
  'reads the entries, and then the revision': brokenIn((store, state) => ({
    feed: {
      ...store.feed,
      async changesSince(since) {
        const { digests } = changesSince(state, since)
        await roundTrip()
        return { revision: newestRevision(state), digests }
      },
    },
  })),
  'counts a change before it is made': countingAhead((state, ahead) => ({
    revision: async () => ahead.at(-1) ?? newestRevision(state),
  })),
  'resets a reader to a change that is not made yet': countingAhead((state, ahead) => ({
    async changesSince(since) {
      const changes = changesSince(state, since)
      return changes.digests === 'reset' ? { ...changes, revision: ahead.at(-1) ?? changes.revision } : changes
    },
  })),
  'reads the revision from a replica that lags behind': logging((state) => {
    let replica = newestRevision(state)
    return {
      async log(entries) {
        addTo(state, numbered(entries, Number.parseInt(newestRevision(state), 10)))
        void roundTrips(2).then(() => {
          replica = newestRevision(state)
        })
      },
      feed: { revision: async () => replica },
    }
  }),
  'trims one change too many': brokenIn((store) => ({
    feed: {
      ...store.feed,
      async changesSince(since) {
        const changes = await store.feed.changesSince(since)
        if (changes.digests === 'reset') return changes
        return { ...changes, digests: changes.digests.slice(-NAIVE_FEED.keeps + 1) }
      },
    },
  })),
  ...Object.fromEntries(STEPS.map((step) => [`acknowledges ${step} before it announces it`, acknowledging(step)])),
}
