import { checkOwnNames, isLater } from '@tessera/core'
import type { MaybeLater, Names, Refused, Token, VerifyOptions } from '@tessera/core'
import type { AnyHeaders } from '../message/header-lists.ts'
import { tellApp } from '../message/refused-request.ts'
import type { RefusedRequest } from '../message/refused-request.ts'
import { verifyNow } from './authenticator.ts'
import type { Authenticator } from './authenticator.ts'
import type { Refusal } from './challenge.ts'
import { readBearer } from './read-bearer.ts'
import type { BearerReading } from './read-bearer.ts'
import { requirementsOf } from './route-scopes.ts'
import type { RouteScopes } from './route-scopes.ts'

export type Authentication = { readonly ok: true; readonly token: Token } | Refusal

/** The scopes of the route, the client's address, and the request. */
export interface AuthenticationOptions extends Omit<VerifyOptions, 'onRefusal'>, RouteScopes {
  /** Secrets from carriers other than the header, see `readCarriers`. Default none. */
  readonly others?: readonly string[] | undefined
  /** Called once for a refused request, before it is answered. Its failures are process warnings, and change no answer. */
  readonly onRefusal?: ((refused: RefusedRequest) => unknown) | undefined
}

const NAMES: Names<AuthenticationOptions> = {
  scopes: true,
  anyScope: true,
  scopeRequired: true,
  ip: true,
  context: true,
  others: true,
  onRefusal: true,
}

/**
 * Verifies the one bearer token of a request.
 *
 * @param headers Those of the request, as any platform has them. Node's `req.headers` keeps only the first of two
 *   `Authorization`: give `req.headersDistinct`.
 * @throws StoreError if the store did not answer
 * @throws TypeError for anything but headers, and for an unknown, inherited or wrong option
 */
export async function authenticateRequest(
  tokens: Pick<Authenticator, 'verify' | 'verifyNow'>,
  headers: AnyHeaders,
  options: AuthenticationOptions = {},
  ...more: readonly never[]
): Promise<Authentication> {
  checkOwnNames('authenticateRequest', options, NAMES)
  if (more.length > 0) throw new TypeError('authenticateRequest: the options stand third, and nothing after them')
  const { others = [], onRefusal, ...route } = options
  if (!Array.isArray(others)) throw new TypeError('authenticateRequest: option "others" must be a list of secrets')
  return authenticateReading(tokens, readBearer(headers, others), requirementsOf(route), onRefusal)
}

/** The same once the token is read, with what is asked of it. In this turn if nothing has to be waited for. */
export function authenticateReading(
  tokens: Pick<Authenticator, 'verify' | 'verifyNow'>,
  reading: BearerReading,
  asked: VerifyOptions,
  onRefusal: AuthenticationOptions['onRefusal'],
): MaybeLater<Authentication> {
  if (onRefusal === undefined) return reading.ok ? verifyNow(tokens, reading.secret, asked) : reading
  // An authenticator of another kind may not say which token it refused.
  let token: Token | null = null
  const noting = { ...asked, onRefusal: (refused: Refused) => void (token = refused.token) }
  const told = (authentication: Authentication): Authentication => {
    if (!authentication.ok) tellApp(() => onRefusal({ reason: authentication.reason, token }))
    return authentication
  }
  const authentication = reading.ok ? verifyNow(tokens, reading.secret, noting) : reading
  return isLater(authentication) ? authentication.then(told) : told(authentication)
}
