import type { Requirements, Token } from '@tessera/core'
import { tellRefusal } from '@tessera/http'
import type { Authenticator, HttpRequest } from '@tessera/http'
import type { Request } from 'express'
import type { AuthenticateOptions } from './authenticate-options.ts'
import { contextOf } from './request-context.ts'

/** The result of `authenticate`, and its way to answer: all later handlers of the request answer alike. */
export interface Auth {
  /** `null` for an anonymous caller, admitted by `optional`. */
  readonly token: Token | null
  readonly tokens: Authenticator
  readonly options: AuthenticateOptions
  /** What was asked of the token's scopes so far. */
  readonly requirements: readonly Requirements[]
}

/** On the request itself: a WeakMap would cost as much as finding the token does. */
const AUTH: unique symbol = Symbol('auth')

type MaybeAuthenticated = Request & { [AUTH]?: Auth }

/**
 * The token of the request; `getAuth(req).owner` is the caller.
 *
 * @throws Error if there is none: `authenticate()` is not mounted before, or admits anonymous callers
 */
export function getAuth(req: Request): Token {
  const token = findAuth(req)
  if (token === null) throw new Error('getAuth: nobody is authenticated; use findAuth where authenticate() is optional')
  return token
}

/** The token of the request; `null` for an anonymous caller. */
export function findAuth(req: Request): Token | null {
  return authOf(req)?.token ?? null
}

function authOf(req: MaybeAuthenticated): Auth | undefined {
  return req[AUTH]
}

export function setAuth(req: MaybeAuthenticated, auth: Auth): void {
  req[AUTH] = auth
  const { requestProperty } = auth.options
  // Without a token, the property may be the app's: a session has its user there.
  if (requestProperty !== undefined && auth.token !== null) Reflect.set(req, requestProperty, auth.token)
}

/** The additions to challenges, as given to an `authenticate` before: later handlers repeat them. */
export function challengeOf(req: Request): Pick<AuthenticateOptions, 'realm' | 'resourceMetadata'> {
  const { realm, resourceMetadata } = authOf(req)?.options ?? {}
  return { ...(realm !== undefined && { realm }), ...(resourceMetadata !== undefined && { resourceMetadata }) }
}

/** Notes what was asked of the token: a change that comes of the request asks it again. */
export function addRequirements(req: MaybeAuthenticated, auth: Auth, asked: Requirements): void {
  req[AUTH] = { ...auth, requirements: [...auth.requirements, asked] }
}

/** The parts of an `HttpRequest` known from an `authenticate` before. Without one, only the context. */
export function askedOf(req: Request): Pick<HttpRequest, 'ip' | 'requirements' | 'context' | 'onRefusal'> {
  const auth = authOf(req)
  if (auth === undefined) return { context: () => contextOf(req, {}) }
  const { options, requirements } = auth
  return {
    ip: options.clientAddress?.(req),
    requirements,
    context: () => contextOf(req, options),
    onRefusal: (refused) => tellRefusal(req, refused, options),
  }
}

/** @throws Error with the handler to mount, if `authenticate` did not run on this request */
export function requireAuth(req: Request, factory: string): Auth {
  const auth = authOf(req)
  if (auth === undefined) throw new Error(`${factory}: mount authenticate() before it`)
  return auth
}
