import { isScope, shardOf } from '@tessera/core'
import type { JWTPayload } from 'jose'

/** The content of a signed access token: the claims of RFC 9068, and two of our own for the parent. */
export interface AccessToken {
  /** The claim `jti`. */
  readonly id: string
  /** The claim `sub`: the owner of the parent. */
  readonly owner: string
  /** The claim `client_id`: the parent stands for its client. */
  readonly clientId: string
  readonly audience: string
  readonly scopes: readonly string[]
  readonly issuedAt: Date
  /** Exclusive. */
  readonly expiresAt: Date
  /** The parent token: its id, and the shard of its record. */
  readonly parent: { readonly id: string; readonly shard: string }
}

/** The claims of an access token; the instants in it are whole seconds. */
export function claimsOf(token: AccessToken, issuer: string): JWTPayload {
  return {
    iss: issuer,
    sub: token.owner,
    aud: token.audience,
    exp: token.expiresAt.getTime() / 1_000,
    iat: token.issuedAt.getTime() / 1_000,
    jti: token.id,
    client_id: token.clientId,
    // RFC 6749 §3.3 has no word for no scope.
    ...(token.scopes.length > 0 && { scope: token.scopes.join(' ') }),
    tessera_parent: token.parent.id,
    tessera_shard: token.parent.shard,
  }
}

/** The content of claims; `null` for any but those of {@link claimsOf}. */
export function readClaims(claims: JWTPayload): AccessToken | null {
  const { jti, sub, aud, client_id: clientId, tessera_parent: parent, tessera_shard: shard } = claims
  if (!isText(jti) || !isText(sub) || !isText(aud) || !isText(clientId) || !isText(parent)) return null
  const scopes = scopesIn(claims['scope'])
  const issuedAt = instantOf(claims.iat)
  const expiresAt = instantOf(claims.exp)
  if (scopes === null || issuedAt === null || expiresAt === null || shard !== shardOf(sub)) return null
  return { id: jti, owner: sub, clientId, audience: aud, scopes, issuedAt, expiresAt, parent: { id: parent, shard } }
}

/** The scopes in a text, each once; `null` if one is malformed. */
export function scopesIn(text: unknown): readonly string[] | null {
  if (text === undefined) return []
  const scopes = isText(text) ? text.split(' ') : ['']
  return scopes.every(isScope) ? [...new Set(scopes)] : null
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function instantOf(seconds: unknown): Date | null {
  const instant = new Date(Number.isSafeInteger(seconds) ? Number(seconds) * 1_000 : Number.NaN)
  return Number.isNaN(instant.getTime()) ? null : instant
}
