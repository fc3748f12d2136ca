import type { ChangeFeed } from '@tessera/core'
import { announce, changesSince, newestRevision } from '../../src/model/naive-store/changes.ts'
import type { NaiveState } from '../../src/model/naive-store/state.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { broken } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'

/** A store whose feed is read in another way. */
function reading(feedOf: (feed: ChangeFeed, state: NaiveState) => Partial<ChangeFeed>): () => StepsOnStore {
  return broken((store, state) => ({ feed: { ...store.feed, ...feedOf(store.feed, state) } }))
}

/** A store whose revisions are written otherwise. */
function revising(as: (revision: string) => string): () => StepsOnStore {
  return reading((_feed, state) => ({
    revision: async () => as(newestRevision(state)),
    async changesSince(revision) {
      const known = state.changes.findLast((change) => as(change.revision) === revision)
      const { digests } = changesSince(state, known?.revision ?? '')
      return { revision: as(newestRevision(state)), digests }
    },
  }))
}

/** A store that takes other revisions for those it knows. */
function accepting(meaning: (revision: string, state: NaiveState) => string | undefined): () => StepsOnStore {
  return reading((feed, state) => ({
    changesSince: (revision) => feed.changesSince(meaning(revision, state) ?? revision),
  }))
}

const numbered = (state: NaiveState, n: string) =>
  state.changes.map(({ revision }) => revision).find((revision) => revision.startsWith(`${n}-`))

export const feeds: BrokenStores = {
  'has revisions without a nonce': revising((revision) => revision.slice(0, revision.indexOf('-'))),
  'has the same nonce in every revision': revising((revision) => revision.replace(/-.*/, '-nonce')),
  'has a nonce of its own, but not of each change': () => {
    const own = Math.random().toString(36).slice(2)
    return revising((revision) => revision.replace(/-.*/, `-${own}`))()
  },
  'counts changes by twos': revising((revision) => revision.replace(/^\d+/, (n) => String(Number(n) * 2))),
  'looks at the number of a revision only': accepting((revision, state) =>
    numbered(state, String(parseInt(revision, 10))),
  ),
  'looks at the number of a revision where it is not the newest': accepting((revision, state) => {
    const known = numbered(state, revision.slice(0, revision.indexOf('-')))
    return known === newestRevision(state) ? undefined : known
  }),
  'looks at the nonce of a revision only': accepting((revision, state) => {
    const nonce = revision.slice(revision.indexOf('-'))
    return state.changes.map((change) => change.revision).find((known) => known.endsWith(nonce) && nonce.length > 9)
  }),
  'trims revisions': accepting((revision) => revision.trim()),
  'fails for a malformed revision': reading((feed) => ({
    async changesSince(revision) {
      if (!/^\d+-\S+$/.test(revision)) throw new TypeError('malformed')
      return feed.changesSince(revision)
    },
  })),
  'takes a revision ahead for the newest': accepting((revision, state) =>
    parseInt(revision, 10) > parseInt(newestRevision(state), 10) ? newestRevision(state) : undefined,
  ),
  'gives a reader from before the log the entries of the log': accepting((revision, state) => {
    const [first] = state.changes
    return first !== undefined && parseInt(revision, 10) < parseInt(first.revision, 10) ? first.revision : undefined
  }),
  'keeps the latest five changes': reading((feed, state) => ({
    async changesSince(revision) {
      const known = state.changes.slice(-6).some((change) => change.revision === revision)
      return known ? feed.changesSince(revision) : { revision: await feed.revision(), digests: 'reset' }
    },
  })),
  'resets every reader that is behind': reading((feed) => ({
    async changesSince(revision) {
      const changes = await feed.changesSince(revision)
      return revision === changes.revision ? changes : { ...changes, digests: 'reset' }
    },
  })),
  'announces the latest change only': reading((feed) => ({
    async changesSince(revision) {
      const changes = await feed.changesSince(revision)
      return changes.digests === 'reset' ? changes : { ...changes, digests: changes.digests.slice(-1) }
    },
  })),
  'leaves a reader where it stands': reading((feed) => ({
    changesSince: async (revision) => ({ ...(await feed.changesSince(revision)), revision }),
  })),
  'announces inserts': broken((store, state) => ({
    async insert(record, conditions) {
      const answer = await store.insert(record, conditions)
      if (answer.outcome === 'inserted') announce(state, record.digest)
      return answer
    },
  })),
}
