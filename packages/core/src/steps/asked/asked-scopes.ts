import { covers, isScope } from '../../token/scope.ts'
import type { ScopeRules } from '../../token/scope.ts'
import { DAY_MS } from '../../token/day.ts'

/** The scopes asked of one token. A day is a number: days since 1970, in UTC. */
export interface AskedScopes {
  /** The start of recording, in epoch milliseconds. Every scope asked since then is here, or `unknownOn` tells of it. */
  readonly since: number
  /** The last day on which the token was presented. */
  readonly lastOn: number
  /** Each scope, with the last day on which it was asked. */
  readonly scopes: ReadonlyMap<string, number>
  /** The last day on which scopes were asked that are not among these; `null` for never. */
  readonly unknownOn: number | null
}

/** What was asked of a token on one day. */
export interface Asks {
  /** In epoch milliseconds: the first of them. */
  readonly at: number
  /** The last use of the token before; `null` if it was not used. */
  readonly usedAt: number | null
  readonly scopes: ReadonlySet<string>
  /** Whether some were asked that nobody can tell. */
  readonly unknown: boolean
}

/** Scopes kept of one token. */
export const MOST_SCOPES = 64

export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS)
}

/**
 * Adds what was asked. Of two days the later one counts.
 *
 * Asks are written before the use that they came with. So a use on a later day than the last addition was not recorded, and
 * recording starts anew.
 */
export function withAsks(former: AskedScopes | null, { at, usedAt, scopes: asked, unknown }: Asks): AskedScopes {
  const day = dayOf(at)
  const isGap = former !== null && usedAt !== null && dayOf(usedAt) > former.lastOn
  const scopes = new Map(former?.scopes)
  let isFull = false
  for (const scope of asked) {
    if (scopes.has(scope) || scopes.size < MOST_SCOPES) scopes.set(scope, Math.max(day, scopes.get(scope) ?? day))
    else isFull = true
  }
  const formerUnknown = former?.unknownOn ?? null
  return {
    since: former === null || isGap ? at : former.since,
    lastOn: Math.max(day, former?.lastOn ?? day),
    scopes,
    unknownOn: unknown || isFull ? Math.max(day, formerUnknown ?? day) : formerUnknown,
  }
}

/** The last day on which a granted scope was needed: itself, or for a wildcard any scope under it. `null` for never. */
export function lastAsked(granted: string, { scopes }: AskedScopes, rules: ScopeRules): number | null {
  const days = [...scopes].flatMap(([scope, day]) => (covers([granted], [scope], rules) ? [day] : []))
  return days.length === 0 ? null : Math.max(...days)
}

/** One line of text. */
export function writeAsked({ since, lastOn, scopes, unknownOn }: AskedScopes): string {
  return JSON.stringify([since, lastOn, unknownOn, [...scopes]])
}

/** `null` for any other text: then recording starts anew. */
export function readAsked(text: string): AskedScopes | null {
  try {
    const [since, lastOn, unknownOn, scopes] = JSON.parse(text) as [number, number, number | null, [string, number][]]
    const isRight = Number.isInteger(since) && Number.isInteger(lastOn) && scopes.every(([scope]) => isScope(scope))
    return isRight ? { since, lastOn, unknownOn, scopes: new Map(scopes) } : null
  } catch {
    return null
  }
}
