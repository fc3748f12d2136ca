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

/** The limits of a new expiry of a token that exists: the rules, and an instant ahead of `at`. */
export interface ExpiryLimits {
  readonly rules: ExpiryRules
  readonly at: number
  readonly latest: number
}

/**
 * The expiry of a token's successor: as requested, or else as the token's own, and the default where the token has none
 * and one is required. The token's own and the default are shortened to `latest`.
 *
 * @param own The token's own, in epoch milliseconds; `null` for none.
 * @returns In epoch milliseconds; `null` for none. A request against the limits gets the error `invalid_parameter`.
 */
export function renewedExpiry(
  own: number | null,
  requested: number | null | undefined,
  limits: ExpiryLimits,
): number | null | TokenError {
  const { rules, at, latest } = limits
  if (requested !== undefined) return requestedExpiry(requested, limits)
  const { defaultMs = rules.slidingMs ?? rules.maxMs } = rules
  if (own === null && !isRequired(rules)) return latest < LATEST ? latest : null
  if (own === null && defaultMs === undefined) return noneIssued()
  return Math.min(own ?? at + (defaultMs ?? 0), latest)
}

/** The same for an expiry that is requested. */
export function requestedExpiry(
  requested: number | null,
  { rules, at, latest }: ExpiryLimits,
): number | null | TokenError {
  if (requested === null && isRequired(rules)) return noneIssued()
  if (requested === null) return latest < LATEST ? atMost(latest) : null
  if (!(requested > at && requested <= LATEST)) return invalidParameter('expiresAt', FUTURE)
  return requested > latest ? atMost(latest) : requested
}

function isRequired({ required, maxMs }: ExpiryRules): boolean {
  return required === true || maxMs !== undefined
}

function noneIssued(): TokenError {
  return invalidParameter('expiresAt', 'set: tokens without an expiry are not issued')
}

function expiryByRules(
  requested: Date | null | undefined,
  rules: ExpiryRules,
  now: number,
): number | null | TokenError {
  const { defaultMs = rules.slidingMs } = rules
  if (requested === undefined && defaultMs !== undefined) return Math.min(now + defaultMs, LATEST)
  const latest = Math.min(now + (rules.maxMs ?? LATEST), LATEST)
  return requestedExpiry(requested ? instantOf(requested) : null, { rules, at: now, latest })
}

/** In epoch milliseconds; `NaN` for anything but a valid date. */
export function instantOf(date: Date): number {
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
