import { setImmediate as nextTurn } from 'node:timers/promises'
import { createBoundedMap } from '../observe/bounded-map.ts'
import type { TokenUse } from '../steps/use.ts'
import type { TokenStore } from '../store/store.ts'
import { extensionBy } from '../token/expiry.ts'
import type { ExpiryRules } from '../token/expiry.ts'
import type { TokenRecord } from '../token/token.ts'

const FLUSH_MS = 1_000
/** The time for a due write, if the store answers. */
export const WRITTEN_WITHIN_MS = 10_000
const MOST_TRACKED = 100_000
/** In one call of the store, and between two turns of the event loop. */
const MOST_IN_BATCH = 1_000
/** Between two turns of the event loop. */
const MOST_LOOKED_AT = 5_000

/** Collects uses in memory and writes them in batches, off the path of requests. */
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

interface TrackedUse extends TokenUse {
  readonly digest: string
  readonly createdAt: number
  isTracked: boolean
  at: number
  /** As far as is known: it is never earlier. */
  expiresAt: number | null
  writtenAt: number
  /** The time of the next write: the interval after the last one. */
  dueAt: number
}

/**
 * Writes each token's latest use at most once per `everyMs`. The first use is written at the next flush, later ones
 * after the interval since the last write, so the last use of all is never left out. With a sliding expiry, a written
 * use extends its token, unless that is known to have expired meanwhile.
 *
 * At most {@link MOST_TRACKED} tokens are tracked. One more drops the one tracked longest, if its own write is due;
 * else its use is given up. A dropped token is tracked again once it is used and due. A lost use never affects
 * authentication.
 */
export function createUseRecorder(
  store: Pick<TokenStore, 'recordUse'>,
  options: {
    readonly everyMs: number
    readonly expiry: ExpiryRules
    readonly now: () => number
    readonly onError: (error: Error) => void
  },
): UseRecorder {
  const tracked = createBoundedMap<TrackedUse>(MOST_TRACKED)
  let timer: NodeJS.Timeout | null = null
  let dropped = 0
  let writing: Promise<void> = Promise.resolve()

  function note(record: TokenRecord, at: number): Use {
    const use = tracked.get(record.digest) ?? firstUse(record)
    if (record.expiresAt !== null) extend(use, record.expiresAt)
    // Another process may have written meanwhile.
    if (record.lastUsedAt !== null) markWritten(use, record.lastUsedAt, record.lastUsedAt + options.everyMs)
    noteAgain(use, at)
    return use
  }

  function noteAgain(use: TrackedUse, at: number): void {
    if (at > use.at) use.at = at
    if (!use.isTracked) track(use)
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
      if (oldest.at > oldest.writtenAt) dropped += 1
    }
    schedule()
  }

  function untrack(use: TrackedUse): void {
    use.isTracked = false
    tracked.delete(use.digest)
  }

  function markWritten(use: TrackedUse, at: number, dueAt: number): void {
    if (at <= use.writtenAt) return
    use.writtenAt = at
    use.dueAt = dueAt
  }

  function extend(use: TrackedUse, expiresAt: number): void {
    if (use.expiresAt !== null && expiresAt > use.expiresAt) use.expiresAt = expiresAt
  }

  function toWrite({ owner, id, at, createdAt, expiresAt }: TrackedUse, now: number): TokenUse {
    const extendTo = extensionBy(at, createdAt, options.expiry)
    const extendsIt = extendTo !== null && expiresAt !== null && now < expiresAt && expiresAt < extendTo
    return extendsIt ? { owner, id, at, extendTo } : { owner, id, at }
  }

  function schedule(): void {
    timer ??= setTimeout(() => void writeOnTime(), FLUSH_MS).unref()
  }

  async function writeOnTime(): Promise<void> {
    await write((use) => use.dueAt <= options.now()).catch(options.onError)
    timer = null
    if (tracked.size > 0) schedule()
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
      if (use.at > use.writtenAt) {
        if (isDue(use)) due.push(use)
      } else if (use.dueAt <= options.now()) untrack(use)
      if (left % MOST_LOOKED_AT === 0 && left > 0) await nextTurn()
    }
    return due
  }

  async function writeBatch(uses: readonly TrackedUse[]): Promise<void> {
    const now = options.now()
    const batch = new Map(uses.map((use) => [use, toWrite(use, now)]))
    await store.recordUse([...batch.values()])
    for (const [use, { at, extendTo }] of batch) {
      markWritten(use, at, now + options.everyMs)
      if (extendTo !== undefined) extend(use, extendTo)
    }
  }

  return { note, noteAgain, flush: () => write(() => true), dropped: () => dropped }
}

function firstUse({ owner, id, digest, createdAt, expiresAt }: TokenRecord): TrackedUse {
  const never = Number.NEGATIVE_INFINITY
  return { owner, id, digest, createdAt, expiresAt, isTracked: false, at: never, writtenAt: never, dueAt: never }
}
