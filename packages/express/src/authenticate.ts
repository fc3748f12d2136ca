import { checkOptions, isBoolean, isFunction } from '@tessera/core'
import { authenticateRequest, challenge, checkAuthenticator, optionRules, problemOf, readCarriers } from '@tessera/http'
import type { Authenticator, CarrierOptions, Dialect, OnError } from '@tessera/http'
import type { Request, RequestHandler } from 'express'
import { setAuth } from './auth.ts'
import { authorizationOf, forwardingErrors, queryOf, refuse } from './translate.ts'

export interface AuthenticateOptions {
  /** Words the errors. Default `{ error, error_description }`, as the OAuth RFCs do. */
  readonly dialect?: Dialect
  /** Passes an error with `status`, `headers` and `code` to `next` instead of answering. Default false. */
  readonly forwardErrors?: boolean
  /** Lets callers without a credential through, never one whose token is refused. Default false. */
  readonly optional?: boolean
  /** Places beside the header that a token may come in. Default none. */
  readonly carriers?: CarrierOptions
  /**
   * The client's address, for tokens that are bound to networks: without it they are refused. `req.ip` is what Express
   * makes of its setting `trust proxy`: where that trusts too much, clients choose their address.
   */
  readonly clientAddress?: (req: Request) => string | null | undefined
  /** Puts the token on the request under this name too. Default only `getAuth(req)`. */
  readonly requestProperty?: string
  /** Names the protection space in challenges. Default none. */
  readonly realm?: string
  /** Names the metadata of the API in challenges: the `url` of `protectedResourceMetadata`. Default none. */
  readonly resourceMetadata?: string
  /** Told of every store failure that is answered with 503. Default: a process warning. */
  readonly onError?: OnError
}

/**
 * Lets the request through only with an active token; `getAuth(req)` then answers who is calling.
 *
 * @param tokens What `createTokens` returns, or another that verifies and permits: it decides what kinds are accepted.
 */
export function authenticate(tokens: Authenticator, options: AuthenticateOptions = {}): RequestHandler {
  checkAuthenticator('authenticate', tokens)
  checkOptions('authenticate', options, {
    ...optionRules,
    forwardErrors: { right: 'a boolean', test: isBoolean },
    optional: { right: 'a boolean', test: isBoolean },
    clientAddress: { right: 'a function of the request', test: isFunction },
    requestProperty: { right: 'a name', test: (value) => typeof value === 'string' && value !== '' },
  })
  return forwardingErrors(async (req, res, next) => {
    try {
      const authentication = await authenticateRequest(tokens, authorizationOf(req), carriedSecrets(req, options), {
        ip: options.clientAddress?.(req),
      })
      const isAnonymous = !authentication.ok && authentication.reason === 'missing'
      if (!authentication.ok && !(isAnonymous && options.optional === true)) throw challenge(authentication, options)
      setAuth(req, { token: authentication.ok ? authentication.token : null, tokens, options })
    } catch (error) {
      return refuse(problemOf(error, options.onError), res, next, options)
    }
    next()
  })
}

function carriedSecrets(req: Request, { carriers }: AuthenticateOptions): readonly string[] {
  if (carriers === undefined) return []
  const isForm = req.is('application/x-www-form-urlencoded') !== false
  return readCarriers(carriers, queryOf(req), isForm ? req.body : undefined)
}
