import type { Settings } from '../../setup/settings.ts'
import type { ActingToken } from '../../steps/decision/acting-token.ts'
import { invalidParameter } from '../../token/errors.ts'
import type { ContextSource } from '../../token/request-context.ts'
import { LINE, isLine, isText } from '../../token/text.ts'
import type { TokenAttributes } from '../../token/token.ts'
import { checkIdempotencyKey } from './idempotency.ts'
import { NAME, isName } from './name.ts'
import { checkCeiling, checkIssuableScopes } from './issuable-scopes.ts'
import { checkSealUnder } from './secret-again.ts'
import type { SealOptions } from './secret-again.ts'

export interface IssueRequest<Scope extends string = string> {
  /** The token's owner: from the authenticated caller, never from a request's body. */
  readonly owner: string
  /** 1 to 255 characters of well-formed Unicode. Something of it is seen, and nothing in it is hidden or turns the rest round. */
  readonly name: string
  /** At most 100; one given twice counts once. */
  readonly scopes: readonly Scope[]
  /** A future instant; `null` for no expiry; left out, the default of the `expiry` option. */
  readonly expiresAt?: Date | null | undefined
  readonly createdBy?: string | null | undefined
  /** The actor, for the events: see `ActedBy`. Default `createdBy`. */
  readonly by?: string | null | undefined
  /** The app's own facts: names of `[A-Za-z0-9_]` with a letter first, values of at most 1,024 characters. */
  readonly attributes?: TokenAttributes | undefined
  /** The issuer's own scopes, the only ones it may grant; left out or `null` for no ceiling. */
  readonly scopeCeiling?: readonly string[] | null | undefined
  /** The end of the issuer's credential, a future instant. The token may not outlive it; left out or `null` for no ceiling. */
  readonly expiryCeiling?: Date | null | undefined
  /** The networks of the token: 1 to 50 CIDR blocks or single addresses, IPv4 or IPv6. Left out or `null` for any. */
  readonly networks?: readonly string[] | null | undefined
  /**
   * The issuer's networks. The token is bound to these, or to the requested ones inside them. Left out or `null` for no
   * ceiling.
   */
  readonly networkCeiling?: readonly string[] | null | undefined
  /** The token that asks, of the same owner: see `ActedBy`. It is the new token's maker. */
  readonly actor?: ActingToken | undefined
  /** The request, for the events. Default only the `ip` of the actor. */
  readonly context?: ContextSource | undefined
  readonly idempotencyKey?: undefined
}

/**
 * A request with one effect in 24 hours, however often it is sent with the same key: 1 to 255 visible ASCII characters.
 * It is checked each time like any other, except its expiry, which may have passed by then.
 */
export interface IdempotentIssueRequest<Scope extends string = string>
  extends Omit<IssueRequest<Scope>, 'idempotencyKey'>,
    SealOptions {
  readonly idempotencyKey?: string | undefined
}

const MOST_ATTRIBUTES = 32
const ATTRIBUTES = `at most ${MOST_ATTRIBUTES} texts of at most 1,024 characters, under names of [A-Za-z0-9_]`
const ATTRIBUTE_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/

/** @throws TokenError `invalid_parameter` for the first wrong field, `insufficient_scope` above the ceiling */
export function checkIssueRequest(request: IdempotentIssueRequest, settings: Settings): void {
  checkOwner(request.owner)
  checkName(request.name)
  checkIssuableScopes(request.scopes, settings)
  checkCeiling(request.scopes, request.scopeCeiling ?? null, settings)
  const { createdBy = null } = request
  if (createdBy !== null && !isLine(createdBy)) throw invalidParameter('createdBy', LINE)
  if (request.attributes !== undefined) checkAttributes(request.attributes)
  checkIdempotencyKey(request.idempotencyKey)
  checkSealUnder(request, settings)
}

export function checkOwner(owner: string): void {
  if (!isLine(owner)) throw invalidParameter('owner', LINE)
}

export function checkName(name: string): void {
  if (!isName(name)) throw invalidParameter('name', NAME)
}

function checkAttributes(attributes: TokenAttributes): void {
  const isObject = typeof attributes === 'object' && attributes !== null && !Array.isArray(attributes)
  const entries = isObject ? Object.entries(attributes) : []
  const wellFormed = entries.every(([name, value]) => ATTRIBUTE_NAME.test(name) && isText(value, 1024))
  if (!isObject || !wellFormed || entries.length > MOST_ATTRIBUTES) throw invalidParameter('attributes', ATTRIBUTES)
}
