import { checkOptions, isBoolean, isFunction } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import { accessScopesRule, checkTokens, optionRules, tokenEndpoint } from '@tessera/http'
import type { AccessScopes, Caller, Dialect, OnError, OperationName } from '@tessera/http'
import type { Request, RequestHandler } from 'express'
import { requireAuth } from './auth.ts'
import { forwardingErrors, send, toHttpRequest } from './translate.ts'

export interface RouterOptions {
  /** How the API words lists, records and errors. */
  readonly dialect: Dialect
  /**
   * The caller, for apps with a login of their own in front of the tokens; `null` for nobody. Default: the token
   * admitted by `authenticate`.
   */
  readonly caller?: (req: Request) => Caller | null | Promise<Caller | null>
  /** Called with every store failure answered with 503. Default: a process warning. */
  readonly onError?: OnError
  /** The scopes asked of a token: `read` to list and show, `write` to change. Default those of the dialect. */
  readonly scopes?: AccessScopes
  /** Lets a caller issue and rotate tokens with an expiry after its own. Default false. */
  readonly mayOutlive?: boolean
}

type RouterFactory = (tokens: Tokens, options: RouterOptions) => RequestHandler

/** `GET /` and `GET /{id}`. */
export const listRouter: RouterFactory = router('listRouter', ['list', 'get'])
/** `POST /`. */
export const issueRouter: RouterFactory = router('issueRouter', ['issue'])
/** `DELETE /{id}`. */
export const revokeRouter: RouterFactory = router('revokeRouter', ['revoke'])
/** `PATCH /{id}`. */
export const editRouter: RouterFactory = router('editRouter', ['edit'])
/** `POST /{id}/rotate`. */
export const rotateRouter: RouterFactory = router('rotateRouter', ['rotate'])
/** `POST /{id}/suspend` and `POST /{id}/resume`. */
export const suspendRouter: RouterFactory = router('suspendRouter', ['suspend', 'resume'])
/** All of them in one. */
export const tokenRouter: RouterFactory = router('tokenRouter', [
  ...(['list', 'get', 'issue', 'revoke'] as const),
  ...(['edit', 'rotate', 'suspend', 'resume'] as const),
])

function router(factory: string, operations: readonly OperationName[]): RouterFactory {
  return (tokens, options) => {
    checkTokens(factory, tokens)
    checkOptions(factory, options, {
      dialect: { ...optionRules.dialect, required: true },
      caller: { right: 'a function of the request', test: isFunction },
      onError: optionRules.onError,
      scopes: accessScopesRule,
      mayOutlive: { right: 'a boolean', test: isBoolean },
    })
    const { dialect, onError, scopes, mayOutlive, caller = (req) => requireAuth(req, factory).token } = options
    const findHandler = tokenEndpoint(tokens, { dialect, onError, scopes, mayOutlive }, operations)
    return forwardingErrors(async (req, res, next) => {
      const handle = findHandler(req)
      if (handle === null) return next()
      send(res, await handle(toHttpRequest(req, (await caller(req)) ?? null)))
    })
  }
}
