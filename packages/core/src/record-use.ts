import { extensionBy } from './expiry.ts'
import type { ExpiryRules } from './expiry.ts'
import type { TokenUse } from './store-steps.ts'
import type { TokenStore } from './store.ts'
import type { TokenRecord } from './token.ts'

const FLUSH_MS = 1_000
/** How long after a write is due it is reckoned to be made, where the store answers. */
export const WRITTEN_WITHIN_MS = 10_000
const MOST_TRACKED = 100_000

/** Collects uses in memory and writes them in batches, off the path of the requests that use the tokens. */
export interface UseRecorder {
  note(record: TokenRecord, at: number): Use
  /** Notes another use of the same token, at less cost. `false` when nothing was noted: the token is not tracked any more. */
  noteAgain(use: Use, at: number): boolean
  /** Writes every use that is not written yet, whatever the interval. Rejects when the store does; nothing is lost then. */
  flush(): Promise<void>
  /** How many uses were given up, see {@link createUseRecorder}. */
  dropped(): number
}

/** The latest use of a token that is tracked. */
export type Use = Readonly<TrackedUse>

interface TrackedUse extends TokenUse {
  readonly createdAt: number
  isTracked: boolean
  at: number
  /** As far as is known: it is never earlier. */
  expiresAt: number | null
  writtenAt: number
  /** When the next write is due: the interval after the last one. */
  dueAt: number
}

/**
 * Each token's latest use is written at most once per `everyMs`: the first use at the next flush, those that follow when
 * the interval since the last write is over, so that the last use of all is never left out. Where the expiry slides, a use
 * that is written extends its token, unless that is known to have expired meanwhile.
 *
 * At most {@link MOST_TRACKED} tokens are held; past that the one tracked longest is dropped. A use that is lost never
 * affects authentication.
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
  const tracked = new Map<string, TrackedUse>()
  let timer: NodeJS.Timeout | null = null
  let dropped = 0
  let writing: Promise<void> = Promise.resolve()

  function note(record: TokenRecord, at: number): Use {
    const use = tracked.get(record.digest) ?? track(record)
    use.at = Math.max(use.at, at)
    if (record.expiresAt !== null) extend(use, record.expiresAt)
    // Another process may have written meanwhile.
    if (record.lastUsedAt !== null) markWritten(use, record.lastUsedAt, record.lastUsedAt + options.everyMs)
    schedule()
    return use
  }

  function noteAgain(use: TrackedUse, at: number): boolean {
    if (use.isTracked && at > use.at) use.at = at
    return use.isTracked
  }

  function track({ owner, id, digest, createdAt, expiresAt }: TokenRecord): TrackedUse {
    if (tracked.size >= MOST_TRACKED) dropOldest()
    const never = Number.NEGATIVE_INFINITY
    const use = { owner, id, createdAt, expiresAt, isTracked: true, at: never, writtenAt: never, dueAt: never }
    tracked.set(digest, use)
    return use
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

  function dropOldest(): void {
    const [oldest] = tracked
    if (oldest === undefined) return
    const [digest, use] = oldest
    if (use.at > use.writtenAt) dropped += 1
    untrack(digest, use)
  }

  function untrack(digest: string, use: TrackedUse): void {
    use.isTracked = false
    tracked.delete(digest)
  }

  function schedule(): void {
    timer ??= setTimeout(() => {
      timer = null
      write((use) => use.dueAt <= options.now()).catch(options.onError)
      if (tracked.size > 0) schedule()
    }, FLUSH_MS).unref()
  }

  function write(isDue: (use: TrackedUse) => boolean): Promise<void> {
    writing = writing.catch(() => undefined).then(() => writeNow(isDue))
    return writing
  }

  async function writeNow(isDue: (use: TrackedUse) => boolean): Promise<void> {
    const now = options.now()
    for (const [digest, use] of tracked) if (use.at <= use.writtenAt && use.dueAt <= now) untrack(digest, use)
    const due = [...tracked.values()].filter((use) => use.at > use.writtenAt && isDue(use))
    if (due.length === 0) return
    const batch = new Map(due.map((use) => [use, toWrite(use, now)]))
    await store.recordUse([...batch.values()])
    for (const [use, { at, extendTo }] of batch) {
      markWritten(use, at, now + options.everyMs)
      if (extendTo !== undefined) extend(use, extendTo)
    }
  }

  return { note, noteAgain, flush: () => write(() => true), dropped: () => dropped }
}
