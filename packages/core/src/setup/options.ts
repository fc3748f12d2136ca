import type { TokenEvent } from '../observe/token-event.ts'
import type { TokenStore } from '../store/store.ts'
import type { ExpiryRules } from '../token/expiry.ts'
import type { IdFormat } from '../token/ids.ts'
import { grantsSomething, isScope } from '../token/scope.ts'
import { hasRepeatedPepper, isPepper, isPepperRing } from '../token/secret/digest.ts'
import type { Pepper, PepperRing } from '../token/secret/digest.ts'
import { isPrefix } from '../token/secret/secret.ts'
import { checkOptions, hasMethods, isBoolean, isFunction } from './check-options.ts'
import { checkExpiryRules } from './expiry-rules.ts'
import type { LegacySecrets } from './legacy-secrets.ts'
import { clockRule, storeRule } from './option-rules.ts'

/** The default of `recordUseEveryMs`. */
export const RECORD_USE_EVERY_MS = 60_000

export interface TokensOptions<Scope extends string = string> {
  readonly store: TokenStore
  /**
   * The start of every secret, e.g. `ot_pat`: a lower-case letter, then up to 31 of `[a-z0-9_]`. It names the API: others
   * on the same store neither see nor count its tokens.
   */
  readonly prefix: string
  /**
   * Earlier prefixes. Their tokens are accepted, seen and counted together with those of `prefix`, and each is succeeded
   * by a token of `prefix`. Default none.
   */
  readonly retiredPrefixes?: readonly string[]
  /** How many active tokens an owner may hold; suspended ones count. Default 25; `null` for no limit. */
  readonly activeLimit?: number | null
  /** The scopes that can be issued. Left out, every well-formed scope. Written in place, their names are checked at compile time. */
  readonly scopes?: readonly Scope[]
  /** Lets a granted `jobs:*` cover every scope with `jobs:` at its start. Default false. */
  readonly wildcards?: boolean
  /** Default {@link uuidIds}. */
  readonly ids?: IdFormat
  /** Keys the digests. Default none: the secrets' 238 random bits need none. */
  readonly pepper?: Pepper | PepperRing
  readonly expiry?: ExpiryRules
  /** Accepts secrets of another system too, see `@tessera/import`. Default none: these are malformed. */
  readonly legacy?: LegacySecrets
  /** At most one write of `lastUsedAt` per token and this time. Default 60 000. */
  readonly recordUseEveryMs?: number
  /**
   * Records which scopes are asked of each token, for `report`: at most one write per token, scope and day. Set it in every
   * process of the API. Default false.
   */
  readonly recordScopesAsked?: boolean
  /** The clock, in epoch milliseconds. Default `() => Date.now()`. */
  readonly now?: () => number
  /**
   * Called with each event for the audit, in order, after the answers were given. It may return a promise. Its failures go
   * to `onError`. No answer waits for it, but `close` does.
   */
  readonly onEvent?: (event: TokenEvent) => unknown
  /**
   * Called with each failure of work in the background: recorded uses and scopes, and re-keyed digests, all tried again later,
   * pruning on a schedule, and `onEvent`. Default: a process warning.
   */
  readonly onError?: (error: Error) => void
  /**
   * Called with the promise of work that goes on after an answer: recorded uses, re-keyed digests, and `onEvent`. It never
   * rejects. For platforms that freeze or end a process after its answer: hand it to the `waitUntil` of the request. Default:
   * nothing.
   */
  readonly waitUntil?: (work: Promise<unknown>) => unknown
}

export function checkTokensOptions(options: TokensOptions): void {
  checkOptions('createTokens', options, {
    store: { ...storeRule, required: true },
    prefix: {
      right: 'a string that matches [a-z][a-z0-9_]{0,31}',
      test: (value) => typeof value === 'string' && isPrefix(value),
      required: true,
    },
    retiredPrefixes: { right: 'an array of strings that match [a-z][a-z0-9_]{0,31}', test: isPrefixList },
    activeLimit: {
      right: 'a positive integer, or null for no limit',
      test: (value) => value === null || (Number.isSafeInteger(value) && Number(value) > 0),
    },
    scopes: { right: 'an array of scopes, each 1 to 128 printable ASCII characters', test: isScopeList },
    wildcards: { right: 'a boolean', test: isBoolean },
    ids: { right: 'an IdFormat: generate and matches', test: (value) => hasMethods(value, ['generate', 'matches']) },
    pepper: {
      right: 'at least 32 bytes or characters, or { current, upcoming, retired } of such',
      test: (value) => isPepper(value) || isPepperRing(value),
    },
    expiry: {
      right: 'an object: { defaultMs, maxMs, slidingMs, required }',
      test: (value) => typeof value === 'object' && value !== null,
    },
    legacy: {
      right: 'a legacyAuthenticator: matches and find',
      test: (value) => hasMethods(value, ['matches', 'find']),
    },
    recordUseEveryMs: { right: 'a number of milliseconds, 0 or more', test: isDuration },
    recordScopesAsked: { right: 'a boolean', test: isBoolean },
    now: clockRule,
    onEvent: { right: 'a function', test: isFunction },
    onError: { right: 'a function', test: isFunction },
    waitUntil: { right: 'a function', test: isFunction },
  })
  checkRetired(options)
  const { wildcards = false } = options
  if (options.scopes?.every((scope) => grantsSomething(scope, { wildcards })) === false) {
    const unless = wildcards ? 'but at the end of one like jobs:*' : 'unless option "wildcards" is true'
    throw new TypeError(`createTokens: option "scopes" must not hold * ${unless}`)
  }
  if (isPepperRing(options.pepper) && hasRepeatedPepper(options.pepper)) {
    throw new TypeError('createTokens: option "pepper" must not hold a pepper twice, in current, upcoming or retired')
  }
  if (options.expiry !== undefined) checkExpiryRules(options.expiry)
  // Uses that are written late must still be in time to extend the token.
  const { expiry: { slidingMs = Number.POSITIVE_INFINITY } = {}, recordUseEveryMs = RECORD_USE_EVERY_MS } = options
  if (slidingMs < 2 * recordUseEveryMs) {
    throw new TypeError('createTokens: expiry: option "slidingMs" must be at least twice option "recordUseEveryMs"')
  }
}

function checkRetired({ prefix, retiredPrefixes = [] }: TokensOptions): void {
  if (retiredPrefixes.includes(prefix))
    throw new TypeError('createTokens: option "retiredPrefixes" must not hold the option "prefix"')
  if (new Set(retiredPrefixes).size < retiredPrefixes.length)
    throw new TypeError('createTokens: option "retiredPrefixes" must not hold a prefix twice')
}

function isPrefixList(value: unknown): boolean {
  return Array.isArray(value) && value.every((prefix) => typeof prefix === 'string' && isPrefix(prefix))
}

function isScopeList(value: unknown): boolean {
  return Array.isArray(value) && value.every((scope) => typeof scope === 'string' && isScope(scope))
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}
