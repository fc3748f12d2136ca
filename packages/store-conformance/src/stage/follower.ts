import type { TokenRecord } from '@tessera/core'
import type { StepsOnStore } from '../steps/steps-on.ts'
import { changesAfter, feedOf, announces } from './read-feed.ts'
import type { Announced } from './read-feed.ts'

/** A reader of the feed that always goes on from its own last revision. */
export interface Follower {
  /** Its last revision. */
  readonly revision: () => string
  readonly wasAnnouncedOf: (token: TokenRecord) => boolean
  /** Resolves after one more reading. It begins after the call, and all callers waiting at the same time share it. */
  readonly read: () => Promise<void>
}

type Reading = (store: StepsOnStore, revision: string) => Promise<Announced>

/** Ways to read on: the changes at once, or the revision first and the changes only if it moved. */
const READINGS: readonly Reading[] = [
  changesAfter,
  async (store, revision) => {
    const newest = await feedOf(store).revision()
    return newest === revision ? { revision, digests: new Set(), owners: new Set() } : changesAfter(store, revision)
  },
]

/** One follower for each way to read the feed, all of them from one revision on. */
export function followersOf(store: StepsOnStore, start: string): readonly Follower[] {
  return READINGS.map((reading) => follow(store, start, reading))
}

function follow(store: StepsOnStore, start: string, reading: Reading): Follower {
  let revision = start
  let current = Promise.resolve()
  let next: Promise<void> | null = null
  const [digests, owners] = [new Set<string>(), new Set<string>()]
  async function readOn(): Promise<void> {
    const changes = await reading(store, revision)
    for (const digest of changes.digests) digests.add(digest)
    for (const owner of changes.owners) owners.add(owner)
    revision = changes.revision
  }
  return {
    revision: () => revision,
    wasAnnouncedOf: (token) => announces({ revision, digests, owners }, token),
    read() {
      next ??= current.then(() => {
        next = null
        current = readOn()
        return current
      })
      return next
    },
  }
}
