import type { IncomingMessage } from 'node:http'
import type { Token } from '@tessera/core'
import type { Admitted, Caller } from '@tessera/http'
import type { AuthenticateOptions } from './authenticate-options.ts'

/** The result of `authenticate`, and its way to answer: all later handlers of the request answer alike. */
export interface Auth {
  readonly admission: Admitted
  readonly options: AuthenticateOptions
}

/** On the request itself: a WeakMap would cost as much as finding the token does. */
const AUTH: unique symbol = Symbol('auth')

type MaybeAuthenticated = IncomingMessage & { [AUTH]?: Auth }

/**
 * The token of the request; `getAuth(req).owner` is the caller.
 *
 * @throws Error if there is none: `authenticate()` is not mounted before, or admits callers without a token
 */
export function getAuth(req: IncomingMessage): Token {
  const token = findAuth(req)
  if (token !== null) return token
  throw new Error('getAuth: no token is there; use findAuth or findCaller where authenticate() admits others')
}

/** The token of the request; `null` for a person, and for an anonymous caller. */
export function findAuth(req: IncomingMessage): Token | null {
  return authOf(req)?.admission.token ?? null
}

/** Whoever was admitted: the token, or the person found by the option `caller`; `null` for an anonymous caller. */
export function findCaller(req: IncomingMessage): Caller | null {
  return authOf(req)?.admission.caller ?? null
}

export function authOf(req: MaybeAuthenticated): Auth | undefined {
  return req[AUTH]
}

export function setAuth(req: MaybeAuthenticated, auth: Auth): void {
  req[AUTH] = auth
  const { requestProperty } = auth.options
  const { token } = auth.admission
  // Without a token, the property may be the app's: a session has its user there.
  if (requestProperty !== undefined && token !== null) Reflect.set(req, requestProperty, token)
}

/** @throws Error with the handler to mount, if `authenticate` did not run on this request */
export function requireAuth(req: IncomingMessage, factory: string): Auth {
  const auth = authOf(req)
  if (auth === undefined) throw new Error(`${factory}: mount authenticate() before it`)
  return auth
}
