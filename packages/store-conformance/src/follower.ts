import type { TokenRecord, TokenStore } from '@tessera/core'
import { changesAfter, feedOf, tellsOf } from './read-feed.ts'
import type { Told } from './read-feed.ts'

/** A reader of the feed that always goes on from its own last revision. */
export interface Follower {
  /** Where it stands. */
  readonly revision: () => string
  readonly wasToldOf: (token: TokenRecord) => boolean
  /** Resolves after one more reading. It begins after the call, and those who wait for it at the same time share it. */
  readonly read: () => Promise<void>
}

type Reading = (store: TokenStore, revision: string) => Promise<Told>

/** Ways to read on: the changes at once, or the revision first and the changes only if it moved. */
const READINGS: readonly Reading[] = [
  changesAfter,
  async (store, revision) => {
    const newest = await feedOf(store).revision()
    return newest === revision ? { revision, digests: new Set(), owners: new Set() } : changesAfter(store, revision)
  },
]

/** One follower for each way to read the feed, all of them from one revision on. */
export function followersOf(store: TokenStore, start: string): readonly Follower[] {
  return READINGS.map((reading) => follow(store, start, reading))
}

function follow(store: TokenStore, start: string, reading: Reading): Follower {
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
    wasToldOf: (token) => tellsOf({ revision, digests, owners }, token),
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
