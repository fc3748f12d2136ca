import type { Caller } from '../message/caller.ts'
import type { HttpRequest } from '../message/message.ts'
import { readBearer } from './read-bearer.ts'

/** A request whose caller was looked for; `null` for nobody. */
export interface CalledRequest extends HttpRequest {
  readonly caller: Caller | null
}

/**
 * Finds the caller of a request. A person who signed in, and nobody in their place, is answered in words for people.
 *
 * @throws whatever the function of the app throws
 */
export async function findCaller(request: HttpRequest): Promise<CalledRequest> {
  const { caller } = request
  if (typeof caller !== 'function') return { ...request, caller }
  const found = (await caller()) || null
  return { ...request, caller: found, challenge: { ...request.challenge, forPerson: isPerson(found, request) } }
}

/** An app may find the token of the request too. Without a Bearer header it is in a cookie, which a browser adds by itself. */
function isPerson(caller: Caller | null, { headers }: HttpRequest): boolean {
  if (caller?.id === undefined) return true
  const reading = readBearer(headers)
  return !reading.ok || reading.secret === undefined
}
