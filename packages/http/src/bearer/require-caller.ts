import type { Caller } from '../message/caller.ts'
import type { HttpRequest } from '../message/message.ts'
import { challenge } from './challenge.ts'

/**
 * @throws Problem 401 with a bare challenge if nobody is authenticated
 * @throws TypeError for a caller without `scopes`, a fault of the app: missing ones must not stand for everything
 */
export function requireCaller({ caller, challenge: additions, onRefusal }: HttpRequest): Caller {
  if (caller === null) {
    onRefusal?.({ reason: 'missing', token: null })
    throw challenge({ ok: false, reason: 'missing' }, additions)
  }
  if (caller.scopes === null || Array.isArray(caller.scopes)) return caller
  throw new TypeError('the scopes of a caller must be a list, or null for everything')
}
