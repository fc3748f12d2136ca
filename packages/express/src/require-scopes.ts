import { isScope } from '@tessera/core'
import type { Requirements } from '@tessera/core'
import type { RequestHandler } from 'express'
import { requireAuth, setAuth } from './auth.ts'
import { refuse } from './translate.ts'

/**
 * Admits a request if its caller holds all of these scopes. Answers like the `authenticate` before it.
 *
 * @example requireScopes<ScopeOf<typeof tokens>>('jobs:read')
 */
export function requireScopes<Scope extends string = string>(...scopes: readonly Scope[]): RequestHandler {
  return requirement('requireScopes', scopes, { scopes })
}

/** Admits a request if its caller holds at least one of these scopes. */
export function requireAnyScope<Scope extends string = string>(...scopes: readonly Scope[]): RequestHandler {
  return requirement('requireAnyScope', scopes, { anyScope: scopes })
}

function requirement(factory: string, scopes: readonly string[], requirements: Requirements): RequestHandler {
  if (scopes.length === 0 || !scopes.every((scope) => typeof scope === 'string' && isScope(scope))) {
    throw new TypeError(`${factory}: give at least one scope, each 1 to 128 printable ASCII characters`)
  }
  return (req, res, next) => {
    const { admission, options } = requireAuth(req, factory)
    const more = admission.require(requirements)
    if (!more.ok) return refuse(more, res, next, options)
    setAuth(req, { admission: more, options })
    next()
  }
}
