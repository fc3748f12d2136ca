import { TokenError } from '@tessera/core'
import { challenge } from '../bearer/challenge.ts'
import type { CalledRequest } from '../bearer/find-caller.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { endOfCaller } from '../message/caller.ts'
import { invalidParameter } from '../message/problem.ts'
import { OVERLAP, overlapFieldOf } from './request/read-rotation.ts'

/** A refusal of a verb in the words of the wire, with the challenge of this request. */
export function inWireWords(
  error: unknown,
  dialect: Pick<Dialect, 'expiryField' | 'overlapField'>,
  request: Partial<Pick<CalledRequest, 'caller' | 'challenge'>>,
): unknown {
  if (!(error instanceof TokenError)) return error
  const { code, details } = error
  if (code === 'insufficient_scope') {
    return challenge({ ok: false, reason: code }, { ...request.challenge, scopes: details.scopes ?? [] })
  }
  if (code === 'actor_refused') {
    return challenge({ ok: false, reason: details.reason ?? 'unknown' }, request.challenge)
  }
  switch (code === 'invalid_parameter' ? details.parameter : null) {
    case 'expiresAt':
      return invalidParameter(dialect.expiryField, details.right ?? '')
    case 'expiryCeiling':
      return hasEnded(request) ? challenge({ ok: false, reason: 'expired' }, request.challenge) : error
    case 'overlapMs':
      return invalidParameter(overlapFieldOf(dialect), OVERLAP)
    case 'idempotencyKey':
      return invalidParameter('Idempotency-Key', details.right ?? '')
    default:
      return error
  }
}

/**
 * The same for values that the request gave: a wrong one is then the client's fault, though the app may give such too.
 *
 * @param given Their names on the wire, by those of the verb.
 */
export function inRequestWords(error: unknown, given: ReadonlyMap<string, string>): unknown {
  const { parameter = '', right = '' } = error instanceof TokenError ? error.details : {}
  const name = given.get(parameter)
  return name === undefined ? error : invalidParameter(name, right)
}

/** Of a valid expiry, core refuses only a past one. Any other is a fault of the app. */
function hasEnded({ caller }: Partial<Pick<CalledRequest, 'caller'>>): boolean {
  const end: unknown = caller && endOfCaller(caller)
  return end instanceof Date && !Number.isNaN(end.getTime())
}
