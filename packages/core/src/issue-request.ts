import { TokenError, invalidParameter } from './errors.ts'
import type { ExpiryRules } from './options.ts'
import { isScope, missingScopes } from './scope.ts'
import { parseSecret } from './secret.ts'
import type { Settings } from './settings.ts'
import type { TokenAttributes } from './token.ts'

export interface IssueRequest {
  /** Who the token belongs to; from the authenticated caller, never from a request's body. */
  readonly owner: string
  /** 1 to 255 characters of well-formed Unicode without control characters. */
  readonly name: string
  /** At most 100; one given twice counts once. */
  readonly scopes: readonly string[]
  /** A future instant; `null` for no expiry; left out, what the `expiry` option says. */
  readonly expiresAt?: Date | null | undefined
  readonly createdBy?: string | null | undefined
  /** The app's own facts: names of `[A-Za-z0-9_]` that start with a letter, values of at most 1,024 characters. */
  readonly attributes?: TokenAttributes | undefined
  /** The scopes of whoever issues the token, who cannot grant more; left out or `null` for no ceiling. */
  readonly scopeCeiling?: readonly string[] | null | undefined
  readonly idempotencyKey?: undefined
}

/** A request that has one effect in 24 hours, however often it is sent with the same key: 1 to 255 visible ASCII characters. */
export interface IdempotentIssueRequest extends Omit<IssueRequest, 'idempotencyKey'> {
  readonly idempotencyKey?: string | undefined
}

const MOST_SCOPES = 100
const MOST_ATTRIBUTES = 32
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u
const ATTRIBUTE_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** @throws TokenError `invalid_parameter` for the first thing that is wrong, `insufficient_scope` above the ceiling */
export function checkIssueRequest(request: IdempotentIssueRequest, settings: Settings): void {
  checkOwner(request.owner)
  if (!isLine(request.name, 255))
    throw invalidParameter('name', '1 to 255 characters of well-formed Unicode without control characters')
  checkScopes(request.scopes, settings)
  checkCeiling(request, settings)
  if ((request.createdBy ?? null) !== null && !isLine(request.createdBy, 255))
    throw invalidParameter('createdBy', '1 to 255 characters without control characters')
  if (request.attributes !== undefined) checkAttributes(request.attributes)
  if (request.idempotencyKey !== undefined && !isIdempotencyKey(request.idempotencyKey)) {
    throw invalidParameter('idempotencyKey', '1 to 255 visible ASCII characters')
  }
}

export function checkOwner(owner: string): void {
  if (!isLine(owner, 255))
    throw invalidParameter('owner', '1 to 255 characters of well-formed Unicode without control characters')
}

/** When a token issued at `now` expires, in epoch milliseconds, by the request and the rules. */
export function expiryOf(requested: Date | null | undefined, rules: ExpiryRules, now: number): number | null {
  if (requested === undefined && rules.defaultMs !== undefined) return Math.min(now + rules.defaultMs, LATEST)
  if (requested === undefined || requested === null) {
    if (rules.required === true || rules.maxMs !== undefined)
      throw invalidParameter('expiresAt', 'set: tokens without an expiry are not issued')
    return null
  }
  const at = requested instanceof Date ? requested.getTime() : Number.NaN
  if (!(at > now && at <= LATEST)) throw invalidParameter('expiresAt', 'a valid instant in the future')
  if (rules.maxMs !== undefined && at - now > rules.maxMs) {
    throw invalidParameter('expiresAt', `at most ${new Date(now + rules.maxMs).toISOString()}`)
  }
  return at
}

function checkScopes(scopes: readonly string[], { catalogue, wildcards }: Settings): void {
  if (!Array.isArray(scopes) || scopes.length > MOST_SCOPES)
    throw invalidParameter('scopes', `a list of at most ${MOST_SCOPES} scopes`)
  for (const scope of scopes as readonly unknown[]) {
    if (typeof scope !== 'string' || !isScope(scope)) {
      throw invalidParameter(
        'scopes',
        'a list of scopes of 1 to 128 printable ASCII characters without space, " and \\',
      )
    }
    if (catalogue !== null && !catalogue.has(scope))
      throw invalidParameter('scopes', `taken from ${[...catalogue].join(', ')}`)
    // Scopes are told to whoever lacks them, and a secret is told to nobody.
    if (parseSecret(scope) !== null) throw invalidParameter('scopes', 'scopes, and not a secret')
    // A "*" that is only text today would grant more on the day that wildcards are turned on.
    if (!wildcards && scope.includes('*')) throw invalidParameter('scopes', 'free of *: wildcards are off')
  }
}

function checkCeiling({ scopes, scopeCeiling }: IdempotentIssueRequest, settings: Settings): void {
  const missing = missingScopes(scopeCeiling ?? scopes, scopes, settings)
  if (missing.length === 0) return
  throw new TokenError('insufficient_scope', `the issuer does not hold ${missing.join(', ')}`, { scopes: missing })
}

function checkAttributes(attributes: TokenAttributes): void {
  const isObject = typeof attributes === 'object' && attributes !== null && !Array.isArray(attributes)
  const entries = isObject ? Object.entries(attributes) : []
  const wellFormed = entries.every(([name, value]) => ATTRIBUTE_NAME.test(name) && isText(value, 1024))
  if (!isObject || !wellFormed || entries.length > MOST_ATTRIBUTES) {
    throw invalidParameter(
      'attributes',
      `at most ${MOST_ATTRIBUTES} texts of at most 1,024 characters, under names of [A-Za-z0-9_]`,
    )
  }
}

function isIdempotencyKey(value: unknown): boolean {
  return typeof value === 'string' && IDEMPOTENCY_KEY.test(value)
}

function isLine(value: unknown, most: number): boolean {
  return isText(value, most) && value !== ''
}

function isText(value: unknown, most: number): boolean {
  // A character is one or two UTF-16 units: the cheap test bounds the work of the exact one.
  if (typeof value !== 'string' || value.length > 2 * most) return false
  return !UNPRINTABLE.test(value) && [...value].length <= most
}
