import { StoreError, TokenError } from '@tessera/core'
import { Problem, tokenNotFound, unavailable } from '../message/problem.ts'
import { challenge } from './challenge.ts'

/** Faults in these are not the client's: they come from the app's own idea of the caller. */
const OF_THE_APP: ReadonlySet<string> = new Set([
  'owner',
  'createdBy',
  'attributes',
  'scopeCeiling',
  'expiryCeiling',
  'networkCeiling',
  'actor',
])

/** In the words of a request: the token that it is made with is the ceiling. */
const BEYOND: ReadonlyMap<string, string> = new Map([
  ['networks', 'The token may be used from more networks than the one that the request is made with.'],
  ['expiresAt', 'The token expires after the one that the request is made with.'],
])

/** The answer to a client after a failure; `null` for a fault in the program. */
export function toProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error
  if (error instanceof StoreError) return unavailable()
  if (!(error instanceof TokenError) || OF_THE_APP.has(error.details.parameter ?? '')) return null
  return fromTokenError(error)
}

function fromTokenError({ code, message, details }: TokenError): Problem | null {
  switch (code) {
    case 'forbidden':
      return new Problem(code, message)
    case 'token_not_found':
      return tokenNotFound()
    case 'actor_refused':
      return challenge({ ok: false, reason: details.reason ?? 'unknown' })
    case 'beyond_ceiling':
      return new Problem('forbidden', BEYOND.get(details.parameter ?? '') ?? message)
    case 'insufficient_scope':
      return challenge({ ok: false, reason: code }, { scopes: details.scopes ?? [] })
    case 'invalid_parameter':
      return new Problem(code, message, {
        facts: details.parameter === undefined ? {} : { parameter: details.parameter },
      })
    case 'active_limit_reached':
    case 'idempotency_conflict':
    case 'idempotency_limit_reached':
    case 'invalid_transition':
      return new Problem(code, message, { facts: details })
    case 'no_use_recorded':
      return null // No request asks for what it refuses.
  }
}
