import type { Token, VerifyOptions } from '@tessera/core'
import type { HttpHeaders } from '../message/message.ts'
import type { Authenticator } from './authenticator.ts'
import type { Refusal } from './challenge.ts'
import { readBearer } from './read-bearer.ts'

export type Authentication = { readonly ok: true; readonly token: Token } | Refusal

/**
 * Verifies the one bearer token of a request.
 *
 * @param others Secrets from carriers other than the header, see `readCarriers`.
 * @param options Those of `verify`: the required scopes, and the client's address.
 * @throws StoreError if the store did not answer
 */
export function authenticateRequest(
  tokens: Pick<Authenticator, 'verify'>,
  headers: HttpHeaders,
  others: readonly string[] = [],
  options: VerifyOptions = {},
): Promise<Authentication> {
  const reading = readBearer(headers, others)
  return reading.ok ? tokens.verify(reading.secret, options) : Promise.resolve(reading)
}
