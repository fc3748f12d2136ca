import { checkOptions, isBoolean } from './check-options.ts'
import { invalidParameter } from './errors.ts'
import type { TokenError } from './errors.ts'

export interface ExpiryRules {
  /** The lifetime of a token that is issued without `expiresAt`. Left out, `slidingMs`, or it does not expire. */
  readonly defaultMs?: number
  /** The longest lifetime. A token without expiry is refused then. */
  readonly maxMs?: number
  /**
   * Every use moves the expiry to this long after it, so that only a token that nobody uses expires: never back, and never
   * beyond `maxMs` after the token's creation, which has to be set. At least a minute, and twice `recordUseEveryMs`.
   */
  readonly slidingMs?: number
  /** Refuses a token without expiry. */
  readonly required?: boolean
}

const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
const FUTURE = 'a valid instant in the future'

/** @throws TypeError that names the rule that is unknown, wrong or contradicts another */
export function checkExpiryRules(rules: ExpiryRules): void {
  const lifetime = {
    right: 'a whole number of milliseconds, more than 0',
    test: (value: unknown) => Number.isSafeInteger(value) && Number(value) > 0,
  }
  checkOptions('createTokens: expiry', rules, {
    defaultMs: lifetime,
    maxMs: lifetime,
    slidingMs: { right: 'a whole number of milliseconds, at least 60,000', test: isSlidingTime },
    required: { right: 'a boolean', test: isBoolean },
  })
  if (rules.defaultMs !== undefined && rules.maxMs !== undefined && rules.defaultMs > rules.maxMs) {
    throw new TypeError('createTokens: expiry: option "defaultMs" must not be longer than "maxMs"')
  }
  if (rules.slidingMs !== undefined && (rules.maxMs === undefined || rules.slidingMs > rules.maxMs)) {
    throw new TypeError('createTokens: expiry: option "slidingMs" needs a "maxMs" that is not shorter')
  }
}

/**
 * When a token issued at `now` expires, in epoch milliseconds, by the request and the rules.
 *
 * @param ceiling What nobody may ask to go beyond; it shortens what was not asked for. `null` for none.
 */
export function expiryOf(
  requested: Date | null | undefined,
  rules: ExpiryRules,
  now: number,
  ceiling: Date | null = null,
): number | null {
  const latest = ceiling === null ? null : instantOf(ceiling, 'expiryCeiling')
  const expiresAt = expiryByRules(requested, rules, now)
  if (latest === null || (expiresAt !== null && expiresAt <= latest)) return expiresAt
  if (requested === undefined) return latest
  throw atMost(latest)
}

function expiryByRules(requested: Date | null | undefined, rules: ExpiryRules, now: number): number | null {
  const { defaultMs = rules.slidingMs } = rules
  if (requested === undefined && defaultMs !== undefined) return Math.min(now + defaultMs, LATEST)
  if (requested === undefined || requested === null) {
    if (rules.required !== true && rules.maxMs === undefined) return null
    throw invalidParameter('expiresAt', 'set: tokens without an expiry are not issued')
  }
  const at = instantOf(requested, 'expiresAt')
  if (!(at > now && at <= LATEST)) throw invalidParameter('expiresAt', FUTURE)
  if (rules.maxMs !== undefined && at - now > rules.maxMs) throw atMost(now + rules.maxMs)
  return at
}

function instantOf(date: Date, parameter: string): number {
  const instant = date instanceof Date ? date.getTime() : Number.NaN
  if (Number.isNaN(instant)) throw invalidParameter(parameter, FUTURE)
  return instant
}

function atMost(latest: number): TokenError {
  return invalidParameter('expiresAt', `at most ${new Date(latest).toISOString()}`)
}

/** Until when a use at an instant extends a token, in epoch milliseconds; `null` where uses extend none. */
export function extensionBy(usedAt: number, createdAt: number, { slidingMs, maxMs }: ExpiryRules): number | null {
  if (slidingMs === undefined || maxMs === undefined) return null
  return Math.min(usedAt + slidingMs, createdAt + maxMs, LATEST)
}

function isSlidingTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 60_000
}
