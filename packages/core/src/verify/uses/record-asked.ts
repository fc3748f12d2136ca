import type { Background } from '../../observe/background.ts'
import { createBoundedMap } from '../../observe/bounded-map.ts'
import { MOST_SCOPES, dayOf } from '../../steps/asked/asked-scopes.ts'
import { LOST_OWNER, noteAsked, noteLost } from '../../steps/asked/note-asked.ts'
import type { Step } from '../../steps/decision/decision.ts'
import type { TokenStore } from '../../store/store.ts'
import { covers, isScope } from '../../token/scope.ts'
import type { Requirements, ScopeRules } from '../../token/scope.ts'

const RETRY_MS = 1_000
const MOST_TRACKED = 100_000
/** Tokens with asks to write. */
const MOST_PENDING = 10_000
/** Steps under way at once: stores write those of one owner together. */
const MOST_AT_ONCE = 32

/** The token that something was asked of, as it was before. */
export interface AskedToken {
  readonly owner: string
  readonly id: string
  readonly scopes: readonly string[]
  readonly lastUsedAt: Date | number | null
}

/** Collects the scopes asked of tokens, and writes each once a day and token, off the path of requests. */
export interface AskRecorder {
  note(token: AskedToken, requirements: Requirements, at: number): void
  /** The same, if it is a token: not a list of scopes alone. */
  noteWhole(token: Pick<AskedToken, 'scopes'> & Partial<AskedToken>, requirements: Requirements, at: number): void
  /** Notes that somebody else decides by the token's scopes, such as a gateway. */
  noteUnknown(token: AskedToken, at: number): void
  /** Resolves once all that was noted so far was tried to be written. For whatever must not be written before. */
  written(): Promise<void>
  /** Writes all that is pending. Rejects if the store does; nothing is lost then. */
  flush(): Promise<void>
  /** How many asks were given up, since too many were pending. Each unsettles the reports of all tokens. */
  dropped(): number
}

interface Setup {
  readonly store: { take(owner: string, step: Step<void>): Promise<void> }
  readonly now: () => number
}

interface Pending {
  readonly owner: string
  readonly id: string
  readonly at: number
  readonly usedAt: number | null
  readonly scopes: Set<string>
  unknown: boolean
}

interface Noted {
  readonly day: number
  readonly scopes: Set<string>
  unknown: boolean
}

const NONE: readonly string[] = []

function keyOf({ at, id }: Pick<Pending, 'at' | 'id'>): string {
  return `${dayOf(at)} ${id}`
}

export function createAskRecorder({ store, now, ...rules }: Setup & ScopeRules, background: Background): AskRecorder {
  const noted = createBoundedMap<Noted>(MOST_TRACKED)
  const pending = new Map<string, Pending>()
  let lostAt: number | null = null
  let dropped = 0
  let writing: Promise<void> | null = null
  let retry: NodeJS.Timeout | null = null
  /** Counts of entries, in their order. */
  let queued = 0
  let tried = 0
  let waiting: { readonly target: number; readonly resolve: () => void }[] = []

  function note(token: AskedToken, { scopes = NONE, anyScope = NONE }: Requirements, at: number): void {
    const known = notedToday(token, at)
    for (const scope of scopes) if (!known.scopes.has(scope)) add(token, known, scope, at)
    if (anyScope.length === 0) return
    const held = anyScope.filter((scope) => covers(token.scopes, [scope], rules))
    for (const scope of held.length > 0 ? held : anyScope) if (!known.scopes.has(scope)) add(token, known, scope, at)
  }

  function notedToday(token: AskedToken, at: number): Noted {
    const day = dayOf(at)
    const known = noted.get(token.id)
    if (known?.day === day) return known
    const today: Noted = { day, scopes: new Set(), unknown: false }
    noted.delete(token.id)
    // A day's first ask is written even if it asks for no scope: the token was presented.
    if (pendingOf(token, at) !== null) noted.add(token.id, today)
    return today
  }

  function add(token: AskedToken, known: Noted, scope: string, at: number): void {
    if (!isScope(scope) || known.scopes.size >= MOST_SCOPES) return addUnknown(token, known, at)
    const asks = pendingOf(token, at)
    if (asks === null) return
    known.scopes.add(scope)
    asks.scopes.add(scope)
  }

  function addUnknown(token: AskedToken, known: Noted, at: number): void {
    if (known.unknown) return
    const asks = pendingOf(token, at)
    if (asks === null) return
    known.unknown = true
    asks.unknown = true
  }

  /** The place for an ask; `null` if there is no room. */
  function pendingOf({ owner, id, lastUsedAt }: AskedToken, at: number): Pending | null {
    const usedAt = lastUsedAt === null ? null : Number(lastUsedAt)
    return placeFor({ owner, id, at, usedAt, scopes: new Set(), unknown: false })
  }

  function placeFor(asks: Pending): Pending | null {
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

  function oldest(): readonly Pending[] {
    const batch: Pending[] = []
    for (const asks of pending.values()) {
      if (batch.push(asks) === MOST_AT_ONCE) break
    }
    return batch
  }

  async function writeBatch(batch: readonly Pending[]): Promise<void> {
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

  function putBack(asks: Pending): void {
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

  return {
    note,
    noteWhole({ owner, id, scopes, lastUsedAt = null }, requirements, at) {
      if (owner !== undefined && id !== undefined) note({ owner, id, scopes, lastUsedAt }, requirements, at)
    },
    written,
    noteUnknown: (token, at) => addUnknown(token, notedToday(token, at), at),
    flush,
    dropped: () => dropped,
  }
}

/** The same store. It takes a use after what was asked with it: so a recorded use shows that its asks are there. */
export function afterAsks(
  asks: Pick<AskRecorder, 'written'>,
  store: Pick<TokenStore, 'recordUse'>,
): Pick<TokenStore, 'recordUse'> {
  return {
    async recordUse(uses) {
      await asks.written()
      await store.recordUse(uses)
    },
  }
}
