import type { Background } from '../../observe/background.ts'
import { dayOf } from '../../steps/asked/asked-scopes.ts'
import { LOST_OWNER, noteAsked, noteLost } from '../../steps/asked/note-asked.ts'
import type { Step } from '../../steps/decision/decision.ts'

const RETRY_MS = 1_000
/** Tokens with asks to write. */
const MOST_PENDING = 10_000
/** Steps under way at once: stores write those of one owner together. */
const MOST_AT_ONCE = 32

/** What was asked of a token on one day, and is not written yet. */
export interface PendingAsks {
  readonly owner: string
  readonly id: string
  readonly at: number
  readonly usedAt: number | null
  readonly scopes: Set<string>
  unknown: boolean
}

/** Writes asks, off the path of requests and in their order. */
export interface AskWriter {
  /** The place for asks of a token on a day, to add to; `null` if there is no room. Those in it are written soon. */
  placeFor(asks: PendingAsks): PendingAsks | null
  /** Resolves once all that was noted so far was tried to be written. For whatever must not be written before. */
  written(): Promise<void>
  /** Writes all that is pending. Rejects if the store does; nothing is lost then. */
  flush(): Promise<void>
  /** How many asks were given up, since too many were pending. Each unsettles the reports of all tokens. */
  dropped(): number
}

export interface AskWriterSetup {
  readonly store: { take(owner: string, step: Step<void>): Promise<void> }
  readonly now: () => number
}

export function createAskWriter({ store, now }: AskWriterSetup, background: Background): AskWriter {
  const pending = new Map<string, PendingAsks>()
  let lostAt: number | null = null
  let dropped = 0
  let writing: Promise<void> | null = null
  let retry: NodeJS.Timeout | null = null
  /** Counts of entries, in their order. */
  let queued = 0
  let tried = 0
  let waiting: { readonly target: number; readonly resolve: () => void }[] = []

  function placeFor(asks: PendingAsks): PendingAsks | null {
    const key = keyOf(asks)
    const known = pending.get(key)
    if (known === undefined && pending.size >= MOST_PENDING) {
      dropped += 1
      lostAt = Math.max(asks.at, lostAt ?? asks.at)
      return null
    }
    if (known === undefined) {
      pending.set(key, asks)
      queued += 1
    }
    if (retry === null) write()
    return known ?? asks
  }

  function write(): void {
    if (writing === null) background.run(begin())
  }

  function begin(): Promise<void> {
    // In the next turn, so that all that one request asks is written together.
    writing ??= Promise.resolve()
      .then(writeAll)
      .catch(tryLater)
      .finally(() => {
        writing = null
        if (pending.size > 0 && retry === null) write()
      })
    return writing
  }

  function tryLater(error: unknown): never {
    release(Number.POSITIVE_INFINITY)
    retry ??= setTimeout(() => {
      retry = null
      write()
    }, RETRY_MS).unref()
    throw error
  }

  async function writeAll(): Promise<void> {
    while (pending.size > 0 || lostAt !== null) {
      if (lostAt !== null) await writeLost(lostAt)
      await writeBatch(oldest())
    }
  }

  function oldest(): readonly PendingAsks[] {
    const batch: PendingAsks[] = []
    for (const asks of pending.values()) {
      if (batch.push(asks) === MOST_AT_ONCE) break
    }
    return batch
  }

  async function writeBatch(batch: readonly PendingAsks[]): Promise<void> {
    for (const asks of batch) pending.delete(keyOf(asks))
    const steps = batch.map((asks) => store.take(asks.owner, noteAsked(asks.id, asks)))
    const results = await Promise.allSettled(steps)
    const failed = batch.filter((_, at) => results[at]?.status === 'rejected')
    for (const asks of failed) putBack(asks)
    tried += batch.length
    release(tried)
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }

  function release(upTo: number): void {
    for (const { target, resolve } of waiting) if (target <= upTo) resolve()
    waiting = waiting.filter(({ target }) => target > upTo)
  }

  async function writeLost(at: number): Promise<void> {
    await store.take(LOST_OWNER, noteLost(Math.min(at, now())))
    if (lostAt === at) lostAt = null
  }

  function putBack(asks: PendingAsks): void {
    const place = placeFor(asks)
    if (place === null || place === asks) return
    for (const scope of asks.scopes) place.scopes.add(scope)
    place.unknown ||= asks.unknown
  }

  async function flush(): Promise<void> {
    await writing?.catch(() => undefined)
    if (retry !== null) clearTimeout(retry)
    retry = null
    await begin()
  }

  async function written(): Promise<void> {
    const target = queued
    if (writing !== null && tried < target) await new Promise<void>((resolve) => waiting.push({ target, resolve }))
  }

  return { placeFor, written, flush, dropped: () => dropped }
}

function keyOf({ at, id }: Pick<PendingAsks, 'at' | 'id'>): string {
  return `${dayOf(at)} ${id}`
}
