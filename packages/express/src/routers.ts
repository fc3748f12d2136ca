import { checkOptions, isFunction } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import { checkTokens, handlerRules, operationNames, standard, tokenEndpoint } from '@tessera/http'
import type { AccessScopes, Dialect, MaybeCaller, OnError, OperationName } from '@tessera/http'
import type { Request, RequestHandler } from 'express'
import { requireAuth } from './auth.ts'
import { isBelowParameter, mountOf } from './mount-of.ts'
import { register, servedWith } from './served-with.ts'
import { factsOf, forwardingErrors, send, toHttpRequest } from './translate.ts'

export interface RouterOptions {
  /** How the API words lists, records and errors. Default `standard`. */
  readonly dialect?: Dialect
  /**
   * The caller, for apps with a login of their own in front of the tokens; `null` for nobody. It may throw a `Problem`, to be
   * worded by the dialect. Default: whoever `authenticate` admitted.
   */
  readonly caller?: (req: Request) => MaybeCaller | Promise<MaybeCaller>
  /** Called with every store failure answered with 503. Default: a process warning. */
  readonly onError?: OnError
  /** The scopes asked of a token: `read` to list and show, `write` to change, `revokeAll` to revoke in bulk. Default those of the dialect. */
  readonly scopes?: AccessScopes
  /** The origins of other sites whose pages may ask for changes by a person's session. Default none. */
  readonly origins?: readonly string[]
  /** The names of attributes that a request may give a new token, in dialects with a field for them. Default none. */
  readonly attributes?: readonly string[]
  /** Lets a caller issue and rotate tokens with an expiry after its own. Default false. */
  readonly mayOutlive?: boolean
}

type RouterFactory = (tokens: Tokens, options?: RouterOptions) => RequestHandler

/** `GET /` and `GET /{id}`, and in dialects with words for it `GET /usage`. */
export const listRouter: RouterFactory = router('listRouter', ['list', 'get', 'usage'])
/** `POST /`. */
export const issueRouter: RouterFactory = router('issueRouter', ['issue'])
/** `DELETE /{id}`, and in dialects with words for it `POST /revoke-all`. */
export const revokeRouter: RouterFactory = router('revokeRouter', ['revoke', 'revokeAll'])
/** `PATCH /{id}`. */
export const editRouter: RouterFactory = router('editRouter', ['edit'])
/** `POST /{id}/rotate`. */
export const rotateRouter: RouterFactory = router('rotateRouter', ['rotate'])
/** `POST /{id}/suspend` and `POST /{id}/resume`. */
export const suspendRouter: RouterFactory = router('suspendRouter', ['suspend', 'resume'])
/** All of them in one. */
export const tokenRouter: RouterFactory = router('tokenRouter', operationNames)

function router(factory: string, operations: readonly OperationName[]): RouterFactory {
  return (tokens, options = {}) => {
    checkTokens(factory, tokens)
    checkOptions(factory, options, {
      ...handlerRules,
      caller: { right: 'a function of the request', test: isFunction },
    })
    const { caller, ...handling } = options
    const findHandler = tokenEndpoint(tokens, handling, operations)
    const serve = forwardingErrors(async (req, res, next) => {
      if (isBelowParameter(req, serve))
        throw new Error(`${factory}: mount it by app.use(), or at a route without an id`)
      const at = mountOf(req, serve)
      const handle = findHandler({ method: req.method, path: at.path }, () => servedWith(req, serve))
      if (handle === null) return next()
      const facts = caller === undefined ? requireAuth(req, factory).admission.facts : undefined
      send(res, await handle(toHttpRequest(req, at, facts ?? { ...factsOf(req), caller: () => caller?.(req) })))
    })
    register(serve, { tokens, dialect: options.dialect ?? standard, operations })
    return serve
  }
}
