import { isBoolean, isFunction, isLater } from '@tessera/core'
import { besideHeader, checkAuthenticator, checkGateOptions, gate, gateHeaders, nodeHeaders } from '@tessera/http'
import type { Admission, Authenticator, GateRequest } from '@tessera/http'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { authOf, setAuth } from './auth.ts'
import type { AuthenticateOptions } from './authenticate-options.ts'
import { contextOf } from './request-context.ts'
import { formOf, queryOf, refuse } from './translate.ts'

/** What a gate reads of a request, and the request itself for the app's functions. */
interface ExpressRequest extends GateRequest {
  readonly req: Request
}

/** The scopes of the tokens, and none that are inferred from a slip. */
type Known<Scope extends string> = [Scope][Scope extends unknown ? 0 : never]

/**
 * Admits a request only with an active token that holds the scopes. `getAuth(req)` then answers who is calling.
 *
 * @param tokens The result of `createTokens`, or another authenticator: it decides about accepted kinds.
 */
export function authenticate<Scope extends string = string>(
  tokens: Authenticator<Scope>,
  options?: AuthenticateOptions<Known<Scope>>,
): RequestHandler
export function authenticate(tokens: Authenticator, options: AuthenticateOptions = {}): RequestHandler {
  checkAuthenticator('authenticate', tokens)
  check(options)
  const { forwardErrors: _, clientAddress, requestId: _id, requestProperty: _name, caller, onRefusal, ...own } = options
  const decide = gate<ExpressRequest>(tokens, {
    ...own,
    ...(onRefusal && { onRefusal: (_problem, refused, { req }) => onRefusal(req, refused) }),
  })
  const names = gateHeaders(options)
  // Without either, a gate reads neither the query nor the body.
  const mayCarry = options.carriers !== undefined || caller !== undefined

  function requestOf(req: Request): ExpressRequest {
    const request = {
      req,
      method: req.method,
      query: '',
      headers: nodeHeaders(req, names),
      ip: clientAddress?.(req),
      context: () => contextOf(req, options),
      before: authOf(req)?.admission,
    }
    if (!mayCarry) return request
    return { ...request, query: queryOf(req), form: () => formOf(req), caller: caller && (() => caller(req)) }
  }

  function goOn(admission: Admission, req: Request, res: Response, next: NextFunction): void {
    if (!admission.ok) return refuse(admission, res, next, options)
    const { headers } = admission
    for (const name in headers) res.setHeader(name, besideHeader(name, headers[name] ?? '', res.getHeader(name)))
    setAuth(req, { admission, options })
    next()
  }

  return (req, res, next) => {
    const admission = decide(requestOf(req))
    if (isLater(admission)) admission.then((later) => goOn(later, req, res, next)).catch(next)
    else goOn(admission, req, res, next)
  }
}

function check(options: AuthenticateOptions): void {
  const ofRequest = { right: 'a function of the request', test: isFunction }
  checkGateOptions('authenticate', options, {
    forwardErrors: { right: 'a boolean', test: isBoolean },
    clientAddress: ofRequest,
    requestId: ofRequest,
    caller: ofRequest,
    onRefusal: { right: 'a function of the request and the refusal', test: isFunction },
    requestProperty: { right: 'a name', test: (value) => typeof value === 'string' && value !== '' },
  })
}
