import type { Verification } from '@tessera/core'
import type { ChallengeOptions } from '../message/challenge-options.ts'
import { Problem } from '../message/problem.ts'

/** The reason for a refusal: a refusal of `verify`, or a request with more than one credential. */
export type Refusal =
  | Extract<Verification, { ok: false }>
  | { readonly ok: false; readonly reason: 'several_credentials' }

/** A challenge has at least one parameter (RFC 6750 §3). */
const DEFAULT_REALM = 'api'

/**
 * The one table from a refusal to RFC 6750 §3.1. Every bad token gets the same description: the reason is for logs,
 * never for the caller.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export function challenge(refusal: Refusal, options: ChallengeOptions = {}): Problem {
  const { realm, scopes = [], resourceMetadata: resource_metadata } = options
  if (options.forPerson === true) return forPerson(refusal, scopes)
  switch (refusal.reason) {
    case 'missing':
      return new Problem('unauthenticated', 'A bearer token is required.', {
        headers: bearer({ realm: realm ?? DEFAULT_REALM, resource_metadata }),
      })
    case 'several_credentials':
      return withError('invalid_request', 'The request carries more than one credential.')
    case 'insufficient_scope':
      return lackingScope()
    case 'malformed':
    case 'unknown':
    case 'expired':
    case 'revoked':
    case 'suspended':
    case 'network_not_allowed':
      return withError('invalid_token', 'The access token is not valid.')
  }

  function withError(code: 'invalid_request' | 'invalid_token' | 'insufficient_scope', message: string): Problem {
    const headers = bearer({ realm, error: code, error_description: message, resource_metadata })
    return new Problem(code, message, { headers })
  }

  // The header names the scopes once: there may be 100 of 128 characters, and clients limit what they read of headers.
  function lackingScope(): Problem {
    const error = 'insufficient_scope'
    const message = 'The access token lacks a scope that the request needs'
    if (scopes.length === 0) return withError(error, `${message}.`)
    const scope = scopes.join(' ')
    const headers = bearer({ realm, error, error_description: `${message}.`, scope, resource_metadata })
    return new Problem(error, `${message}: ${scope}`, { facts: { scopes: [...scopes] }, headers })
  }
}

function forPerson({ reason }: Refusal, scopes: readonly string[]): Problem {
  if (reason === 'missing') return new Problem('unauthenticated', 'Sign in to go on.')
  if (reason !== 'insufficient_scope') return new Problem('unauthenticated', 'Sign in again to go on.')
  const named = scopes.length === 0 ? '.' : `: ${scopes.join(' ')}`
  return new Problem(reason, `You lack a scope that the request needs${named}`, { facts: { scopes: [...scopes] } })
}

function bearer(attributes: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const written = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${value}"`],
  )
  return { 'WWW-Authenticate': ['Bearer', written.join(', ')].join(' ').trim() }
}
