import type { ExpiryRules } from '../token/expiry.ts'
import { checkOptions, isBoolean } from './check-options.ts'

/** @throws TypeError for an unknown, wrong or contradictory rule, with its name */
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

function isSlidingTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 60_000
}
