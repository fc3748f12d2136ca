import { setImmediate as nextTurn } from 'node:timers/promises'
import { createBackground } from '../../observe/background.ts'
import type { BackgroundOptions } from '../../observe/background.ts'
import { createBoundedMap } from '../../observe/bounded-map.ts'
import type { TokenStore } from '../../store/store.ts'
import type { ExpiryRules } from '../../token/expiry.ts'
import type { TokenRecord } from '../../token/token.ts'
import { createAllowance } from './allowance.ts'
import { extend, firstUse, isUnwritten, markWritten, noteExpiry, toWrite } from './tracked-use.ts'
import type { TrackedUse } from './tracked-use.ts'

const FLUSH_MS = 1_000
/** Writes of one use each in that time. Further uses wait for the flush. */
const MOST_AT_ONCE = 10
/** The time for a due write, if the store answers. */
export const WRITTEN_WITHIN_MS = 10_000
const MOST_TRACKED = 100_000
/** In one call of the store, and between two turns of the event loop. */
const MOST_IN_BATCH = 1_000
/** Between two turns of the event loop. */
const MOST_LOOKED_AT = 5_000

/** Collects uses in memory and writes them off the path of requests: the first at once, those that follow in batches. */
export interface UseRecorder {
  note(record: TokenRecord, at: number): Use
  /** Notes another use of the same token, at less cost. */
  noteAgain(use: Use, at: number): void
  /** Writes every pending use, whatever the interval. Rejects if the store does; nothing is lost then. */
  flush(): Promise<void>
  /** How many uses were given up, see {@link createUseRecorder}. */
  dropped(): number
}

/** The latest use of a token. */
export type Use = Readonly<TrackedUse>

export interface UseRecorderOptions extends BackgroundOptions {
  readonly everyMs: number
  readonly expiry: ExpiryRules
  readonly now: () => number
}

/**
 * Writes each token's latest use at most once per `everyMs`. A use is due if the interval since the last write is over.
 *
 * - A due use is written at once, so that it is under way before the answer: the process may be frozen after that.
 * - After {@link MOST_AT_ONCE} of them in a second, due uses wait for the next flush.
 * - A use that is not due is written after the interval, so the last use of all is never left out.
 * - With a sliding expiry, a written use extends its token, unless that is known to have expired meanwhile.
 *
 * At most {@link MOST_TRACKED} tokens are tracked. One more drops the one tracked longest, if its own write is due;
 * else its use is given up. A dropped token is tracked again once it is used and due. A lost use never affects
 * authentication.
 */
export function createUseRecorder(store: Pick<TokenStore, 'recordUse'>, options: UseRecorderOptions): UseRecorder {
  const tracked = createBoundedMap<TrackedUse>(MOST_TRACKED)
  const atOnce = createBackground(options)
  const allowance = createAllowance(MOST_AT_ONCE, FLUSH_MS)
  let next: { readonly written: Promise<void>; isAwaited: boolean } | null = null
  let dropped = 0
  let writing: Promise<void> = Promise.resolve()

  function note(record: TokenRecord, at: number): Use {
    const use = tracked.get(record.digest) ?? firstUse(record)
    noteExpiry(use, record, options.expiry)
    // Another process may have written meanwhile.
    if (record.lastUsedAt !== null) markWritten(use, record.lastUsedAt, record.lastUsedAt + options.everyMs)
    noteAgain(use, at)
    return use
  }

  function noteAgain(use: TrackedUse, at: number): void {
    if (at > use.at) use.at = at
    if (!use.isTracked) track(use)
    if (at >= use.dueAt) writeDue(tracked.get(use.digest), at)
  }

  function track(use: TrackedUse): void {
    // Else tokens would take each other's place with every use.
    if (tracked.size >= MOST_TRACKED && use.at < use.dueAt) {
      dropped += 1
      return
    }
    const known = tracked.get(use.digest)
    if (known === undefined) add(use)
    else known.at = Math.max(known.at, use.at)
  }

  function add(use: TrackedUse): void {
    use.isTracked = true
    const oldest = tracked.add(use.digest, use)
    if (oldest !== undefined) {
      oldest.isTracked = false
      if (isUnwritten(oldest)) dropped += 1
    }
    next ??= schedule()
  }

  function untrack(use: TrackedUse): void {
    use.isTracked = false
    tracked.delete(use.digest)
  }

  function writeDue(use: TrackedUse | undefined, at: number): void {
    if (use === undefined || at < use.dueAt || !isUnwritten(use)) return
    if (allowance.take(at)) atOnce.run(writeAtOnce(use))
    else if (next !== null && !next.isAwaited) {
      next.isAwaited = true
      options.waitUntil(next.written)
    }
  }

  async function writeAtOnce(use: TrackedUse): Promise<void> {
    try {
      await writeBatch([use])
    } catch (error) {
      // The flush tries again, and reports once a second.
      allowance.exhaust()
      throw error
    }
  }

  function schedule(): NonNullable<typeof next> {
    const written = new Promise<void>((resolve) => {
      setTimeout(() => resolve(writeOnTime()), FLUSH_MS).unref()
    })
    return { written, isAwaited: false }
  }

  async function writeOnTime(): Promise<void> {
    await write((use) => use.dueAt <= options.now()).catch(options.onError)
    next = tracked.size > 0 ? schedule() : null
  }

  function write(isDue: (use: TrackedUse) => boolean): Promise<void> {
    writing = writing.catch(() => undefined).then(() => writeNow(isDue))
    return writing
  }

  async function writeNow(isDue: (use: TrackedUse) => boolean): Promise<void> {
    const due = await takeStock(isDue)
    for (let start = 0; start < due.length; start += MOST_IN_BATCH) {
      if (start > 0) await nextTurn()
      await writeBatch(due.slice(start, start + MOST_IN_BATCH))
    }
  }

  /** Drops the tokens without anything left to write, and returns the uses to write. */
  async function takeStock(isDue: (use: TrackedUse) => boolean): Promise<readonly TrackedUse[]> {
    const due: TrackedUse[] = []
    // What comes to be tracked meanwhile is for the next time.
    let left = tracked.size
    for (const use of tracked.values()) {
      if (left === 0) break
      left -= 1
      if (isUnwritten(use)) {
        if (isDue(use)) due.push(use)
      } else if (!use.isBeingWritten && use.dueAt <= options.now()) untrack(use)
      if (left % MOST_LOOKED_AT === 0 && left > 0) await nextTurn()
    }
    return due
  }

  async function writeBatch(uses: readonly TrackedUse[]): Promise<void> {
    const now = options.now()
    const batch = new Map(uses.map((use) => [use, toWrite(use, now, options.expiry)]))
    for (const use of uses) use.isBeingWritten = true
    try {
      await store.recordUse([...batch.values()])
      for (const [use, { at, extendTo }] of batch) {
        markWritten(use, at, now + options.everyMs)
        if (extendTo !== undefined) extend(use, extendTo)
      }
    } finally {
      for (const use of uses) use.isBeingWritten = false
    }
  }

  async function flush(): Promise<void> {
    await atOnce.idle()
    await write(() => true)
  }

  return { note, noteAgain, flush, dropped: () => dropped }
}
