import type { Caller } from '../message/caller.ts'
import type { HttpRequest } from '../message/message.ts'
import { challenge } from './challenge.ts'

/** @throws Problem 401 with a bare challenge if nobody is authenticated */
export function requireCaller(request: HttpRequest): Caller {
  if (request.caller === null) throw challenge({ ok: false, reason: 'missing' }, request.challenge)
  return request.caller
}
