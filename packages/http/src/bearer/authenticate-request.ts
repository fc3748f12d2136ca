import type { Token, VerifyOptions } from '@tessera/core'
import type { HttpHeaders } from '../message/message.ts'
import type { Authenticator } from './authenticator.ts'
import type { Refusal } from './challenge.ts'
import { readBearer } from './read-bearer.ts'
import { requirementsOf } from './route-scopes.ts'
import type { RouteScopes } from './route-scopes.ts'

export type Authentication = { readonly ok: true; readonly token: Token } | Refusal

/** The scopes of the route, and the client's address. */
export type AuthenticationOptions = VerifyOptions & RouteScopes

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
  return reading.ok ? tokens.verify(reading.secret, requirementsOf(options)) : Promise.resolve(reading)
}
