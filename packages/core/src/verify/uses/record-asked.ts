import type { Background } from '../../observe/background.ts'
import { createBoundedMap } from '../../observe/bounded-map.ts'
import { MOST_SCOPES, dayOf } from '../../steps/asked/asked-scopes.ts'
import type { TokenStore } from '../../store/store.ts'
import { covers, isScope } from '../../token/scope.ts'
import type { Requirements, ScopeRules } from '../../token/scope.ts'
import { createAskWriter } from './write-asked.ts'
import type { AskWriter, AskWriterSetup, PendingAsks } from './write-asked.ts'

const MOST_TRACKED = 100_000

/** The token that something was asked of, as it was before. */
export interface AskedToken {
  readonly owner: string
  readonly id: string
  readonly scopes: readonly string[]
  readonly lastUsedAt: Date | number | null
}

/** Collects the scopes asked of tokens, and has each written once a day and token. */
export interface AskRecorder extends Pick<AskWriter, 'written' | 'flush' | 'dropped'> {
  note(token: AskedToken, requirements: Requirements, at: number): void
  /** The same, if it is a token: not a list of scopes alone. */
  noteWhole(token: Pick<AskedToken, 'scopes'> & Partial<AskedToken>, requirements: Requirements, at: number): void
  /** Notes that somebody else decides by the token's scopes, such as a gateway. */
  noteUnknown(token: AskedToken, at: number): void
}

interface Noted {
  readonly day: number
  readonly scopes: Set<string>
  unknown: boolean
}

const NONE: readonly string[] = []

export function createAskRecorder(
  { store, now, ...rules }: AskWriterSetup & ScopeRules,
  background: Background,
): AskRecorder {
  const noted = createBoundedMap<Noted>(MOST_TRACKED)
  const { placeFor, written, flush, dropped } = createAskWriter({ store, now }, background)

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
  function pendingOf({ owner, id, lastUsedAt }: AskedToken, at: number): PendingAsks | null {
    const usedAt = lastUsedAt === null ? null : Number(lastUsedAt)
    return placeFor({ owner, id, at, usedAt, scopes: new Set(), unknown: false })
  }

  return {
    note,
    noteWhole({ owner, id, scopes, lastUsedAt = null }, requirements, at) {
      if (owner !== undefined && id !== undefined) note({ owner, id, scopes, lastUsedAt }, requirements, at)
    },
    noteUnknown: (token, at) => addUnknown(token, notedToday(token, at), at),
    ...{ written, flush, dropped },
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
