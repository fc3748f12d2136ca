import type { Verification } from '@tessera/core'
import { Problem } from './problem.ts'

/** Why a caller is not let through: what `verify` answered, or a request that carries more than one credential. */
export type Refusal =
  | Extract<Verification, { ok: false }>
  | { readonly ok: false; readonly reason: 'several_credentials' }

export interface ChallengeOptions {
  /** Names the protection space (RFC 9110 §11.5). Default none. */
  readonly realm?: string
  /** The scopes that the request needs. */
  readonly scopes?: readonly string[]
}

/**
 * The one table from a refusal to RFC 6750 §3.1. Every bad token gets the same description: the reason is for logs,
 * never for the caller.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export function challenge(refusal: Refusal, { realm, scopes = [] }: ChallengeOptions = {}): Problem {
  switch (refusal.reason) {
    case 'missing':
      return new Problem('unauthenticated', 'A bearer token is required.', { headers: bearer({ realm }) })
    case 'several_credentials':
      return withError('invalid_request', 'The request carries more than one credential.')
    case 'insufficient_scope':
      return withError(
        'insufficient_scope',
        `The access token lacks a scope that the request needs: ${scopes.join(' ')}`,
      )
    case 'malformed':
    case 'unknown':
    case 'expired':
    case 'revoked':
    case 'suspended':
      return withError('invalid_token', 'The access token is not valid.')
  }

  function withError(code: 'invalid_request' | 'invalid_token' | 'insufficient_scope', message: string): Problem {
    const scope = code === 'insufficient_scope' ? scopes.join(' ') : undefined
    const headers = bearer({ realm, error: code, error_description: message, scope })
    return new Problem(code, message, { facts: scope === undefined ? {} : { scopes }, headers })
  }
}

function bearer(attributes: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const written = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${value}"`],
  )
  return { 'WWW-Authenticate': ['Bearer', written.join(', ')].join(' ').trim() }
}
