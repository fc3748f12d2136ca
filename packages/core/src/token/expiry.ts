import { TokenError, invalidParameter } from './errors.ts'
import type { TokenRecord } from './token.ts'

export interface ExpiryRules {
  /** The lifetime of a token issued without `expiresAt`. Left out, `slidingMs`; without both, no expiry. */
  readonly defaultMs?: number
  /**
   * The longest lifetime of a token, and of its line by rotation: successors count from the first of them. A token
   * without expiry is refused then.
   */
  readonly maxMs?: number
  /**
   * Every use moves the expiry to this long after it, so only an unused token expires. It never moves back, and never
   * beyond `maxMs` or the ceiling of the token; `maxMs` is required. At least a minute, and twice `recordUseEveryMs`. An
   * expiry that was asked for does not move. An introspection is such a use with `countsAsUse`, the default over HTTP.
   */
  readonly slidingMs?: number
  /** Refuses a token without expiry. */
  readonly required?: boolean
}

const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
const FUTURE = 'a valid instant in the future'

/**
 * The expiry of a token issued at `now`, in epoch milliseconds, by the request and the rules; `null` for none. A
 * request against the rules gets the error `invalid_parameter`, returned and not thrown.
 *
 * @param ceiling The latest expiry to ask for. It lies ahead, and shortens a default expiry. `null` for none.
 */
export function expiryOf(
  requested: Date | null | undefined,
  rules: ExpiryRules,
  now: number,
  ceiling: Date | null = null,
): number | null | TokenError {
  const latest = ceiling === null ? null : Math.min(instantOf(ceiling), LATEST)
  if (latest !== null && !(latest > now)) return invalidParameter('expiryCeiling', FUTURE)
  const expiresAt = expiryByRules(requested, rules, now)
  if (expiresAt instanceof TokenError || latest === null) return expiresAt
  if (expiresAt !== null && expiresAt <= latest) return expiresAt
  return requested === undefined ? latest : atMost(latest)
}

function expiryByRules(
  requested: Date | null | undefined,
  rules: ExpiryRules,
  now: number,
): number | null | TokenError {
  const { defaultMs = rules.slidingMs } = rules
  if (requested === undefined && defaultMs !== undefined) return Math.min(now + defaultMs, LATEST)
  if (requested === undefined || requested === null) {
    if (rules.required !== true && rules.maxMs === undefined) return null
    return invalidParameter('expiresAt', 'set: tokens without an expiry are not issued')
  }
  const at = instantOf(requested)
  if (!(at > now && at <= LATEST)) return invalidParameter('expiresAt', FUTURE)
  return rules.maxMs !== undefined && at - now > rules.maxMs ? atMost(now + rules.maxMs) : at
}

/** `NaN` for anything but a valid date. */
function instantOf(date: Date): number {
  return date instanceof Date ? date.getTime() : Number.NaN
}

function atMost(latest: number): TokenError {
  return invalidParameter('expiresAt', `at most ${new Date(latest).toISOString()}`)
}

/** What limits the expiry of a token beside the rules. */
export type Line = Pick<TokenRecord, 'lineCreatedAt' | 'expiryCeiling'>

/** The latest possible expiry of a token, in epoch milliseconds: by its ceiling, and by the age of its line. */
export function latestExpiry({ lineCreatedAt, expiryCeiling }: Line, { maxMs = LATEST }: ExpiryRules): number {
  return Math.min(lineCreatedAt + maxMs, expiryCeiling ?? LATEST, LATEST)
}

/** The latest expiry that uses can give a token, in epoch milliseconds; `null` if they do not extend it. */
export function slidesUntil(token: Line & Pick<TokenRecord, 'fixedExpiry'>, rules: ExpiryRules): number | null {
  return rules.slidingMs === undefined || token.fixedExpiry ? null : latestExpiry(token, rules)
}

/** The expiry of a token after a use at an instant, in epoch milliseconds; `null` if the use does not extend it. */
export function extensionBy(
  usedAt: number,
  until: ReturnType<typeof slidesUntil>,
  { slidingMs }: ExpiryRules,
): number | null {
  return until === null || slidingMs === undefined ? null : Math.min(usedAt + slidingMs, until)
}
