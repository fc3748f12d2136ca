import type { Refused, Token, VerifyOptions } from '@tessera/core'
import type { HttpHeaders } from '../message/message.ts'
import type { RefusedRequest } from '../message/refused-request.ts'
import type { Authenticator } from './authenticator.ts'
import type { Refusal } from './challenge.ts'
import { readBearer } from './read-bearer.ts'
import type { BearerReading } from './read-bearer.ts'
import { requirementsOf } from './route-scopes.ts'
import type { RouteScopes } from './route-scopes.ts'

export type Authentication = { readonly ok: true; readonly token: Token } | Refusal

/** The scopes of the route, the client's address, and the request. */
export interface AuthenticationOptions extends Omit<VerifyOptions, 'onRefusal'>, RouteScopes {
  /** Called once for a refused request, before it is answered. */
  readonly onRefusal?: ((refused: RefusedRequest) => void) | undefined
}

/**
 * Verifies the one bearer token of a request.
 *
 * @param others Secrets from carriers other than the header, see `readCarriers`.
 * @throws StoreError if the store did not answer
 */
export function authenticateRequest(
  tokens: Pick<Authenticator, 'verify'>,
  headers: HttpHeaders,
  others: readonly string[] = [],
  options: AuthenticationOptions = {},
): Promise<Authentication> {
  const reading = readBearer(headers, others)
  const { onRefusal } = options
  if (onRefusal !== undefined) return verifyAndTell(tokens, reading, options, onRefusal)
  return reading.ok ? tokens.verify(reading.secret, requirementsOf(options)) : Promise.resolve(reading)
}

async function verifyAndTell(
  tokens: Pick<Authenticator, 'verify'>,
  reading: BearerReading,
  options: AuthenticationOptions,
  onRefusal: (refused: RefusedRequest) => void,
): Promise<Authentication> {
  // An authenticator of another kind may not say which token it refused.
  let token: Token | null = null
  const noting = { ...requirementsOf(options), onRefusal: (refused: Refused) => void (token = refused.token) }
  const authentication = reading.ok ? await tokens.verify(reading.secret, noting) : reading
  if (!authentication.ok) onRefusal({ reason: authentication.reason, token })
  return authentication
}
