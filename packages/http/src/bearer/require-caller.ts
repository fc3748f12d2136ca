import type { Caller } from '../message/caller.ts'
import { challenge } from './challenge.ts'
import type { CalledRequest } from './find-caller.ts'

/**
 * @throws Problem 401 if nobody is authenticated, without an error code in the challenge
 * @throws TypeError for a caller without `scopes`, a fault of the app: missing ones must not stand for everything
 */
export function requireCaller({
  caller,
  challenge: additions,
  onRefusal,
}: Pick<CalledRequest, 'caller' | 'challenge' | 'onRefusal'>): Caller {
  if (caller === null) {
    const problem = challenge({ ok: false, reason: 'missing' }, additions)
    onRefusal?.({ reason: 'missing', token: null }, problem)
    throw problem
  }
  if (caller.scopes === null || Array.isArray(caller.scopes)) return caller
  throw new TypeError('the scopes of a caller must be a list, or null for everything')
}
