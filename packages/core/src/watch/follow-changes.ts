import type { Settings } from '../setup/settings.ts'
import { deadlineOf } from '../store/operation-deadline.ts'
import type { ChangeFeed, Changes } from '../store/store.ts'
import type { WatchedToken } from './stream.ts'

/** At the same time. */
const MOST_READS = 50
/** A store of somebody else may have no deadline of its own. */
const DEADLINE_MS = 10_000
const OPERATION = 'watch tokens'

/** Keeps the records of watched tokens up to date. */
export interface Follower {
  /** Reads a token's record, in a read that begins after this call. */
  read(token: WatchedToken): void
  /** Whether a read of the token is still to come. */
  isAwaited(token: WatchedToken): boolean
  forget(token: WatchedToken): void
  /** Begins what is due, unless other work is under way. */
  work(): void
  /** Steady: the time of the next reading; infinite during work, which ends with `onIdle`. */
  dueAt(): number
  /** The failure of the latest reading, or of a read since. */
  failure(): Error | null
}

export interface Following {
  readonly watched: ReadonlySet<WatchedToken>
  /** From one reading to the next. */
  intervalMs(): number
  onRead(token: WatchedToken): void
  onIdle(): void
}

/**
 * Follows the feed of a store in one reading for all watched tokens, and reads the records of those named in it. Without a feed
 * it reads all of them each time.
 *
 * A reading and the reads of records come one after the other. So a record was read after the follower came to its revision, and
 * by the order of a change in a store it has every change up to there. The next reading names all later ones. A failed reading
 * or read changes nothing, and is repeated with the next reading.
 */
export function createFollower(settings: Settings, following: Following): Follower {
  const { store, onError } = settings
  const { watched } = following
  const withinDeadline = deadlineOf(DEADLINE_MS)
  const pending = new Set<WatchedToken>()
  // Kept from one batch to the next: a new one would pass over all that was removed before.
  let inTurn = pending.values()
  const failed = new Set<WatchedToken>()
  let reached: string | null = null
  let followedAt = Number.NEGATIVE_INFINITY
  let isWorking = false
  let failure: Error | null = null

  const dueAt = () => followedAt + following.intervalMs()

  async function follow(): Promise<void> {
    const startedAt = performance.now()
    followedAt = startedAt
    for (const token of failed) pending.add(token)
    failed.clear()
    try {
      const changes = store.feed === null ? UNKNOWN : await withinDeadline(OPERATION, changesAfter(store.feed, reached))
      const isNamed = namedIn(changes)
      for (const token of watched) {
        if (isNamed(token)) pending.add(token)
        else if (!pending.has(token)) token.confirmedAt = startedAt
      }
      reached = changes.revision
      failure = null
    } catch (error) {
      fail(error)
    }
  }

  async function readOne(token: WatchedToken): Promise<void> {
    const startedAt = performance.now()
    pending.delete(token)
    try {
      token.record = await withinDeadline(OPERATION, () => store.find(token.owner, token.id))
      token.confirmedAt = startedAt
      following.onRead(token)
    } catch (error) {
      if (watched.has(token)) failed.add(token)
      throw error
    }
  }

  async function readSome(): Promise<void> {
    const reads: Promise<void>[] = []
    while (reads.length < MOST_READS && pending.size > 0) {
      const { value: token } = inTurn.next()
      if (token === undefined) inTurn = pending.values()
      else reads.push(readOne(token))
    }
    // An old one keeps what was removed alive.
    if (pending.size === 0) inTurn = pending.values()
    const results = await Promise.allSettled(reads)
    const rejected = results.find((result) => result.status === 'rejected')
    if (rejected !== undefined) fail(rejected.reason)
  }

  function fail(error: unknown): void {
    failure = error as Error
    onError(failure)
  }

  async function workUntilIdle(): Promise<void> {
    while (watched.size > 0) {
      const isDue = performance.now() >= dueAt()
      if (isDue) await follow()
      // In turn: a reading that takes longer than its interval is due again at once.
      if (pending.size > 0) await readSome()
      else if (!isDue) break
    }
    isWorking = false
    if (watched.size === 0) {
      reached = null
      followedAt = Number.NEGATIVE_INFINITY
    }
    following.onIdle()
  }

  return {
    read: (token) => void pending.add(token),
    isAwaited: (token) => pending.has(token) || failed.has(token),
    forget(token) {
      pending.delete(token)
      failed.delete(token)
    },
    work() {
      if (isWorking) return
      isWorking = true
      void workUntilIdle()
    },
    dueAt: () => (isWorking ? Number.POSITIVE_INFINITY : dueAt()),
    failure: () => failure,
  }
}

interface Named extends Omit<Changes, 'revision'> {
  readonly revision: string | null
}

const UNKNOWN: Named = { revision: null, digests: 'reset' }

function changesAfter(feed: ChangeFeed, revision: string | null): () => Promise<Named> {
  if (revision !== null) return () => feed.changesSince(revision)
  return async () => ({ revision: await feed.revision(), digests: 'reset' })
}

/** Whether a token may have changed. */
function namedIn({ digests, owners = [] }: Named): (token: WatchedToken) => boolean {
  if (digests === 'reset') return () => true
  const named = new Set(digests)
  const ofOwners = new Set(owners)
  return ({ owner, record }) => ofOwners.has(owner) || named.has(record?.digest ?? '')
}
