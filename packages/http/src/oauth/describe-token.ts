import { endsAt } from '@tessera/core'
import type { Token } from '@tessera/core'
import type { JsonObject } from '../message/read-body.ts'

/** Facts about all tokens of an endpoint. */
export interface Issuance {
  readonly issuer?: string
  readonly audience?: string | readonly string[]
}

/**
 * The members of an introspection response about an active token. The networks have a name of their own, for lack of a
 * registered one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2.2
 */
export function describeToken(token: Token, { issuer, audience }: Issuance): JsonObject {
  const end = endsAt(token)
  // What is undefined is left out of the JSON.
  return {
    active: true,
    scope: token.scopes.length > 0 ? token.scopes.join(' ') : undefined,
    username: token.createdBy ?? undefined,
    token_type: 'Bearer',
    exp: end === null ? undefined : inEpochSeconds(end),
    iat: inEpochSeconds(token.createdAt),
    sub: token.owner,
    aud: audience,
    iss: issuer,
    jti: token.id,
    tessera_networks: token.networks ?? undefined,
  }
}

/** Rounded down, so that nobody takes a token for longer than it lasts. */
function inEpochSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000)
}
