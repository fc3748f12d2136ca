import type { Token } from '@tessera/core'
import type { Authenticator } from '@tessera/http'
import type { Request } from 'express'
import type { AuthenticateOptions } from './authenticate.ts'

/** What `authenticate` found out, and how it answers: what comes after it on the same request answers alike. */
export interface Auth {
  /** `null` for an anonymous caller, which `optional` lets through. */
  readonly token: Token | null
  readonly tokens: Authenticator
  readonly options: AuthenticateOptions
}

/** On the request itself: a WeakMap would cost as much as finding the token does. */
const AUTH: unique symbol = Symbol('auth')

type MaybeAuthenticated = Request & { [AUTH]?: Auth }

/**
 * The token that the request was authenticated with; `getAuth(req).owner` is who is calling.
 *
 * @throws Error when nobody is: `authenticate()` is not mounted before, or lets anonymous callers through
 */
export function getAuth(req: Request): Token {
  const token = findAuth(req)
  if (token === null) throw new Error('getAuth: nobody is authenticated; use findAuth where authenticate() is optional')
  return token
}

/** The token that the request was authenticated with; `null` for an anonymous caller. */
export function findAuth(req: Request): Token | null {
  return authOf(req)?.token ?? null
}

function authOf(req: MaybeAuthenticated): Auth | undefined {
  return req[AUTH]
}

export function setAuth(req: MaybeAuthenticated, auth: Auth): void {
  req[AUTH] = auth
  const { requestProperty } = auth.options
  if (requestProperty !== undefined) Reflect.set(req, requestProperty, auth.token)
}

/** What the challenges of `authenticate` say, where it ran: those that come after it say the same. */
export function challengeOf(req: Request): Pick<AuthenticateOptions, 'realm' | 'resourceMetadata'> {
  return authOf(req)?.options ?? {}
}

/** @throws Error that tells the app's author what to mount, when `authenticate` did not run on this request */
export function requireAuth(req: Request, factory: string): Auth {
  const auth = authOf(req)
  if (auth === undefined) throw new Error(`${factory}: mount authenticate() before it`)
  return auth
}
