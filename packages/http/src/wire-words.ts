import { TokenError } from '@tessera/core'
import { challenge } from './challenge.ts'
import type { Dialect } from './dialect.ts'
import type { HttpRequest } from './message.ts'
import { OVERLAP, overlapFieldOf } from './read-overlap.ts'
import { invalidParameter } from './problem.ts'

/** What a verb refuses, under the names that things have on the wire and with the challenge of this request. */
export function inWireWords(
  error: unknown,
  dialect: Pick<Dialect, 'expiryField' | 'overlapField'>,
  request: Pick<HttpRequest, 'challenge'>,
): unknown {
  if (!(error instanceof TokenError)) return error
  const { code, details } = error
  if (code === 'insufficient_scope') {
    return challenge({ ok: false, reason: code }, { ...request.challenge, scopes: details.scopes ?? [] })
  }
  switch (code === 'invalid_parameter' ? details.parameter : null) {
    case 'expiresAt':
      return invalidParameter(dialect.expiryField, details.right ?? '')
    case 'overlapMs':
      return invalidParameter(overlapFieldOf(dialect), OVERLAP)
    case 'idempotencyKey':
      return invalidParameter('Idempotency-Key', details.right ?? '')
    default:
      return error
  }
}
