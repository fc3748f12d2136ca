import { isScope } from '@tessera/core'
import type { Requirements } from '@tessera/core'
import { challenge, tellRefusal } from '@tessera/http'
import type { RequestHandler } from 'express'
import { addRequirements, requireAuth } from './auth.ts'
import { contextOf } from './request-context.ts'
import { refuse } from './translate.ts'

/** Admits a request if its token holds all of these scopes. Answers like the `authenticate` before it. */
export function requireScopes(...scopes: readonly string[]): RequestHandler {
  return requirement('requireScopes', scopes, { scopes })
}

/** Admits a request if its token holds at least one of these scopes. */
export function requireAnyScope(...scopes: readonly string[]): RequestHandler {
  return requirement('requireAnyScope', scopes, { anyScope: scopes })
}

function requirement(factory: string, scopes: readonly string[], requirements: Requirements): RequestHandler {
  if (scopes.length === 0 || !scopes.every((scope) => typeof scope === 'string' && isScope(scope))) {
    throw new TypeError(`${factory}: give at least one scope, each 1 to 128 printable ASCII characters`)
  }
  return (req, res, next) => {
    const auth = requireAuth(req, factory)
    const { token, tokens, options } = auth
    if (token !== null && tokens.permits(token, requirements)) {
      addRequirements(req, auth, requirements)
      return next()
    }
    const reason = token === null ? 'missing' : 'insufficient_scope'
    // `authenticate` has counted a missing credential.
    if (token !== null) tokens.noteRefusal?.(reason, token, { context: () => contextOf(req, options) })
    tellRefusal(req, { reason, token }, options)
    refuse(challenge({ ok: false, reason }, { ...options, scopes }), res, next, options)
  }
}
