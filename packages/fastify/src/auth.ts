import type { Token } from '@tessera/core'
import type { Admitted, Caller } from '@tessera/http'

/** A request of Fastify, whatever its route says of its types. */
export interface AnyRequest {
  readonly id: string
  readonly raw: object
}

/** No name on the request is taken, and no type of Fastify's is changed. */
const AUTH: unique symbol = Symbol('auth')

/**
 * The token of the request; `getAuth(request).owner` is the caller.
 *
 * @throws Error if there is none: no `requireToken` ran before, or it admits callers without a token
 */
export function getAuth(request: AnyRequest): Token {
  const token = findAuth(request)
  if (token !== null) return token
  throw new Error('getAuth: no token is there; use findAuth or findCaller where requireToken admits others')
}

/** The token of the request; `null` for a person, and for an anonymous caller. */
export function findAuth(request: AnyRequest): Token | null {
  return authOf(request)?.token ?? null
}

/** Whoever was admitted: the token, or the person found by the option `caller`; `null` for an anonymous caller. */
export function findCaller(request: AnyRequest): Caller | null {
  return authOf(request)?.caller ?? null
}

export function authOf(request: AnyRequest & { [AUTH]?: Admitted }): Admitted | undefined {
  return request[AUTH]
}

export function setAuth(request: AnyRequest & { [AUTH]?: Admitted }, admission: Admitted): void {
  request[AUTH] = admission
}
