import { checkOptions, isBoolean } from './check-options.ts'
import { invalidParameter } from './errors.ts'

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

/** When a token issued at `now` expires, in epoch milliseconds, by the request and the rules. */
export function expiryOf(requested: Date | null | undefined, rules: ExpiryRules, now: number): number | null {
  const { defaultMs = rules.slidingMs } = rules
  if (requested === undefined && defaultMs !== undefined) return Math.min(now + defaultMs, LATEST)
  if (requested === undefined || requested === null) {
    if (rules.required !== true && rules.maxMs === undefined) return null
    throw invalidParameter('expiresAt', 'set: tokens without an expiry are not issued')
  }
  const at = requested instanceof Date ? requested.getTime() : Number.NaN
  if (!(at > now && at <= LATEST)) throw invalidParameter('expiresAt', 'a valid instant in the future')
  if (rules.maxMs !== undefined && at - now > rules.maxMs) {
    throw invalidParameter('expiresAt', `at most ${new Date(now + rules.maxMs).toISOString()}`)
  }
  return at
}

/** Until when a use at an instant extends a token, in epoch milliseconds; `null` where uses extend none. */
export function extensionBy(usedAt: number, createdAt: number, { slidingMs, maxMs }: ExpiryRules): number | null {
  if (slidingMs === undefined || maxMs === undefined) return null
  return Math.min(usedAt + slidingMs, createdAt + maxMs, LATEST)
}

function isSlidingTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 60_000
}
