import { DAY_MS, checkOptions, clockRule, hasMethods, systemClock, wholeNumber } from '@tessera/core'
import type { OptionRule, Tokens } from '@tessera/core'
import { KEYS, createKeyRing } from './keys/key-ring.ts'
import type { KeyRing, ScheduledKey } from './keys/key-ring.ts'

export interface AccessTokensOptions {
  /** The tokens to exchange. Access tokens are as active as these. */
  readonly tokens: Tokens
  /** The claim `iss`: an http or https URL without query and fragment. */
  readonly issuer: string
  /** The claim `aud`: the verifying API here, as a URL or a name. */
  readonly audience: string
  /** Other APIs for access tokens to be issued for. Their tokens are not accepted here. Default none. */
  readonly otherAudiences?: readonly string[]
  /**
   * The signing keys, by turns: see {@link ScheduledKey}. To rotate, add a key with a start beyond the cache time of
   * the key set.
   */
  readonly keys: readonly ScheduledKey[]
  /** How long an access token lives, never longer than its parent. Default 300,000. */
  readonly lifetimeMs?: number
  /** How far the clocks of two machines may be apart. Default 5. */
  readonly clockToleranceSeconds?: number
  /** The clock, in epoch milliseconds. Default `() => Date.now()`. */
  readonly now?: () => number
}

export interface Settings extends Required<Omit<AccessTokensOptions, 'keys'>> {
  readonly ring: KeyRing
}

export const tokensRule: OptionRule = {
  right: 'what createTokens() returns',
  test: (value) => hasMethods(value, ['verify', 'checkById', 'permits', 'missingScopes', 'reportExchange']),
  required: true,
}

export const issuerRule: OptionRule = {
  right: 'an http or https URL without query and fragment',
  test: (value) => typeof value === 'string' && URL.canParse(value) && /^https?:\/\/[^?#\s]+$/.test(value),
  required: true,
}

export const audienceRule: OptionRule = {
  right: 'a URL or a name, 1 to 255 printable ASCII characters without space',
  test: isAudience,
  required: true,
}

export const toleranceRule: OptionRule = wholeNumber(0, 60, 'seconds')

/** @throws TypeError for an unknown or wrong option, with its name */
export function settingsOf(options: AccessTokensOptions): Settings {
  checkOptions('createAccessTokens', options, {
    tokens: tokensRule,
    issuer: issuerRule,
    audience: audienceRule,
    otherAudiences: {
      right: `a list; each ${audienceRule.right}`,
      test: (value) => Array.isArray(value) && value.every(isAudience),
    },
    keys: { right: KEYS, test: (value) => createKeyRing(value, 0) !== null, required: true },
    lifetimeMs: wholeNumber(1_000, DAY_MS, 'milliseconds'),
    clockToleranceSeconds: toleranceRule,
    now: clockRule,
  })
  const { keys, otherAudiences = [], lifetimeMs = 300_000, clockToleranceSeconds = 5, now = systemClock } = options
  const ring = createKeyRing(keys, lifetimeMs + clockToleranceSeconds * 1_000)
  if (ring === null) throw new TypeError(`createAccessTokens: option "keys" must be ${KEYS}`)
  return { ...options, ring, otherAudiences, lifetimeMs, clockToleranceSeconds, now }
}

function isAudience(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,255}$/.test(value)
}
