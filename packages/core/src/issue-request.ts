import { invalidParameter } from './errors.ts'
import { checkIdempotencyKey } from './idempotency.ts'
import { checkCeiling, checkIssuableScopes } from './issuable-scopes.ts'
import type { Settings } from './settings.ts'
import { LINE, isLine, isText } from './text.ts'
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
  /** When the credential of whoever issues the token ends, which it may not outlive; left out or `null` for no ceiling. */
  readonly expiryCeiling?: Date | null | undefined
  /**
   * Where the token may be used from: 1 to 50 CIDR blocks or single addresses, IPv4 or IPv6. Left out or `null` for
   * anywhere.
   */
  readonly networks?: readonly string[] | null | undefined
  /**
   * The networks of whoever issues the token, who cannot grant more: it is bound to these, or to those inside them that
   * it asks for. Left out or `null` for no ceiling.
   */
  readonly networkCeiling?: readonly string[] | null | undefined
  readonly idempotencyKey?: undefined
}

/**
 * A request that has one effect in 24 hours, however often it is sent with the same key: 1 to 255 visible ASCII
 * characters. It is checked like any other each time, but for its expiry, which may have passed when it is repeated.
 */
export interface IdempotentIssueRequest extends Omit<IssueRequest, 'idempotencyKey'> {
  readonly idempotencyKey?: string | undefined
}

const MOST_ATTRIBUTES = 32
const ATTRIBUTES = `at most ${MOST_ATTRIBUTES} texts of at most 1,024 characters, under names of [A-Za-z0-9_]`
const ATTRIBUTE_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/

/** @throws TokenError `invalid_parameter` for the first thing that is wrong, `insufficient_scope` above the ceiling */
export function checkIssueRequest(request: IdempotentIssueRequest, settings: Settings): void {
  checkOwner(request.owner)
  checkName(request.name)
  checkIssuableScopes(request.scopes, settings)
  checkCeiling(request.scopes, request.scopeCeiling ?? null, settings)
  const { createdBy = null } = request
  if (createdBy !== null && !isLine(createdBy)) throw invalidParameter('createdBy', LINE)
  if (request.attributes !== undefined) checkAttributes(request.attributes)
  checkIdempotencyKey(request.idempotencyKey)
}

export function checkOwner(owner: string): void {
  if (!isLine(owner)) throw invalidParameter('owner', LINE)
}

export function checkName(name: string): void {
  if (!isLine(name)) throw invalidParameter('name', LINE)
}

function checkAttributes(attributes: TokenAttributes): void {
  const isObject = typeof attributes === 'object' && attributes !== null && !Array.isArray(attributes)
  const entries = isObject ? Object.entries(attributes) : []
  const wellFormed = entries.every(([name, value]) => ATTRIBUTE_NAME.test(name) && isText(value, 1024))
  if (!isObject || !wellFormed || entries.length > MOST_ATTRIBUTES) throw invalidParameter('attributes', ATTRIBUTES)
}
