import type { Caller } from '../message/caller.ts'
import { tellApp } from '../message/refused-request.ts'
import { challenge } from './challenge.ts'
import { checkCaller } from './check-caller.ts'
import type { CalledRequest } from './find-caller.ts'

/**
 * @throws Problem 401 if nobody is authenticated, without an error code in the challenge
 * @throws TypeError for a caller without `scopes` or with an unknown name, a fault of the app
 */
export function requireCaller({
  caller,
  challenge: additions,
  onRefusal,
}: Pick<CalledRequest, 'caller' | 'challenge' | 'onRefusal'>): Caller {
  if (caller === null) {
    const problem = challenge({ ok: false, reason: 'missing' }, additions)
    tellApp(() => onRefusal?.({ reason: 'missing', token: null }, problem))
    throw problem
  }
  checkCaller(caller)
  return caller
}
