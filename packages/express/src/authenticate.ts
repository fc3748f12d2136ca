import { checkOptions, isBoolean, isFunction } from '@tessera/core'
import {
  authenticateRequest,
  challenge,
  checkAuthenticator,
  checkRouteScopes,
  namedScopes,
  optionRules,
  problemOf,
  readCarriers,
  routeScopesRules,
  tellRefusal,
} from '@tessera/http'
import type { Authenticator, RefusedRequest } from '@tessera/http'
import type { Request, RequestHandler } from 'express'
import { setAuth } from './auth.ts'
import type { AuthenticateOptions } from './authenticate-options.ts'
import { contextOf } from './request-context.ts'
import { authorizationOf, forwardingErrors, queryOf, refuse } from './translate.ts'

/**
 * Admits a request only with an active token that holds the scopes. `getAuth(req)` then answers who is calling.
 *
 * @param tokens The result of `createTokens`, or another authenticator: it decides about accepted kinds.
 */
export function authenticate(tokens: Authenticator, options: AuthenticateOptions = {}): RequestHandler {
  checkAuthenticator('authenticate', tokens)
  checkOptions('authenticate', options, {
    ...optionRules,
    ...routeScopesRules,
    forwardErrors: { right: 'a boolean', test: isBoolean },
    optional: { right: 'a boolean', test: isBoolean },
    clientAddress: { right: 'a function of the request', test: isFunction },
    requestId: { right: 'a function of the request', test: isFunction },
    onRefusal: { right: 'a function of the request and the refusal', test: isFunction },
    requestProperty: { right: 'a name', test: (value) => typeof value === 'string' && value !== '' },
  })
  checkRouteScopes('authenticate', options)
  const { scopes, anyScope, scopeRequired } = options
  const requirements = { ...(scopes && { scopes }), ...(anyScope && { anyScope }) }
  const wanted = { ...requirements, ...(scopeRequired && { scopeRequired }) }
  const challenging = { ...options, scopes: namedScopes(wanted) }
  return forwardingErrors(async (req, res, next) => {
    try {
      const authentication = await authenticateRequest(tokens, authorizationOf(req), carriedSecrets(req, options), {
        ...wanted,
        ip: options.clientAddress?.(req),
        context: () => contextOf(req, options),
        onRefusal: refusalTeller(req, options),
      })
      const isAnonymous = !authentication.ok && authentication.reason === 'missing'
      if (!authentication.ok && !(isAnonymous && options.optional === true))
        throw challenge(authentication, challenging)
      const token = authentication.ok ? authentication.token : null
      setAuth(req, { token, tokens, options, requirements: [requirements] })
    } catch (error) {
      return refuse(problemOf(error, options.onError), res, next, options)
    }
    next()
  })
}

/** Tells the app of a refusal; not of a caller without a credential, if `optional` admits it. */
function refusalTeller(req: Request, options: AuthenticateOptions): ((refused: RefusedRequest) => void) | undefined {
  if (options.onRefusal === undefined) return undefined
  return (refused) => {
    if (refused.reason !== 'missing' || options.optional !== true) tellRefusal(req, refused, options)
  }
}

function carriedSecrets(req: Request, { carriers }: AuthenticateOptions): readonly string[] {
  if (carriers === undefined) return []
  const isForm = req.is('application/x-www-form-urlencoded') !== false
  return readCarriers(carriers, queryOf(req), isForm ? req.body : undefined)
}
