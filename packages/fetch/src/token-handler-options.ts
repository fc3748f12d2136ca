import { checkOptions } from '@tessera/core'
import { handlerRules, mountPathRule } from '@tessera/http'
import type { HandlerOptions, OnRefusal } from '@tessera/http'
import type { AuthenticateOptions, Context, OfRequest, Person, RequestFacts } from './authenticate-options.ts'
import { checkAuthenticateOptions, factRules, ofRequest, refusalRule } from './web-gate.ts'

export interface TokenHandlerOptions<Incoming extends Request = Request, Rest extends Context = Context>
  extends HandlerOptions,
    RequestFacts<Incoming, Rest> {
  /** The path of the handler in the URL, e.g. `/api/tokens` or `/orgs/:orgID/api-tokens`. Default `/`. */
  readonly basePath?: string
  /**
   * The caller, for apps with a login of their own in front of the tokens; `null` for nobody. It may throw a `Problem`, to be
   * worded by the dialect. No token is looked for then. Default: the token of the request.
   */
  readonly caller?: OfRequest<Incoming, Rest, Person>
  /** How the token of a request is looked for; with a `caller` of its own for tokens and people. Default its header only. */
  readonly authentication?: Omit<AuthenticateOptions<string, Incoming, Rest>, keyof Shared | 'optional'>
  /** Called with each refusal of a caller. It may return a promise; no answer waits for it. */
  readonly onRefusal?: OnRefusal<Incoming>
}

/** What the handler and its authentication have in common. */
type Shared = Pick<AuthenticateOptions, 'dialect' | 'origins' | 'clientAddress' | 'requestId' | 'onRefusal' | 'onError'>

/** @throws TypeError for an unknown or wrong option, with its name */
export function checkTokenHandlerOptions(options: TokenHandlerOptions): void {
  checkOptions('tokenHandler', options, {
    ...factRules,
    ...handlerRules,
    basePath: mountPathRule,
    caller: ofRequest,
    authentication: { right: 'an object of options', test: (value) => typeof value === 'object' && value !== null },
    onRefusal: refusalRule,
  })
  const { caller, authentication } = options
  if (authentication === undefined) return
  checkAuthenticateOptions('tokenHandler: authentication', authentication)
  if (caller !== undefined) {
    throw new TypeError(
      'tokenHandler: give "caller" for people, or "authentication" with a caller for tokens and people',
    )
  }
  const shared = ['dialect', 'origins', 'clientAddress', 'requestId', 'onRefusal', 'onError', 'optional']
  const misplaced = shared.find((name) => Object.hasOwn(authentication, name))
  if (misplaced !== undefined) {
    throw new TypeError(`tokenHandler: option "${misplaced}" stands beside "authentication", not in it`)
  }
}
