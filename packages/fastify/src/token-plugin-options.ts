import { checkOptions } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import { checkTokens, handlerRules } from '@tessera/http'
import type { CarrierOptions, HandlerOptions } from '@tessera/http'
import { checkRequireTokenOptions, factRules, ofRequest, tokensRule } from './require-token-options.ts'
import type { RequestFacts, RequireTokenOptions } from './require-token-options.ts'

export interface TokenPluginOptions extends HandlerOptions, RequestFacts {
  readonly tokens: Tokens
  /**
   * The caller, for apps with a login of their own in front of the tokens; `null` for nobody. It may throw a `Problem`, to be
   * worded by the dialect. No token is looked for then. Default: whoever a hook `requireToken` admitted, else the token of the
   * request.
   */
  readonly caller?: RequireTokenOptions['caller']
  /** How the token of a request is looked for; with a `caller` of its own for tokens and people. Default its header only. */
  readonly authentication?: AuthenticationOnly
}

type Shared = Exclude<keyof RequireTokenOptions, keyof AuthenticationOnly>

/** The options of `authentication` alone. */
type AuthenticationOnly = Pick<
  RequireTokenOptions,
  'scopes' | 'anyScope' | 'scopeRequired' | 'realm' | 'resourceMetadata' | 'endNotice' | 'caller'
> & {
  /** Places for a token beside the header. No form: it is looked for before a body is read. Default none. */
  readonly carriers?: CarrierOptions & { readonly form?: false }
}

/** The others stand beside it, or mean nothing there. */
const misplacedNames: Readonly<Record<Shared, true>> = {
  dialect: true,
  origins: true,
  clientAddress: true,
  requestId: true,
  onRefusal: true,
  onError: true,
  optional: true,
  forwardErrors: true,
}

/** @throws TypeError for an unknown or wrong option, with its name */
export function checkTokenPluginOptions(options: Omit<TokenPluginOptions, 'prefix'>): void {
  checkTokens('tokenPlugin', options.tokens)
  checkOptions('tokenPlugin', options, {
    tokens: tokensRule,
    ...factRules,
    ...handlerRules,
    caller: ofRequest,
    authentication: { right: 'an object of options', test: (value) => typeof value === 'object' && value !== null },
  })
  const { caller, authentication } = options
  if (authentication === undefined) return
  checkRequireTokenOptions('tokenPlugin: authentication', authentication)
  if (caller !== undefined) {
    throw new TypeError(
      'tokenPlugin: give "caller" for people, or "authentication" with a caller for tokens and people',
    )
  }
  const misplaced = Object.keys(misplacedNames).find((name) => Object.hasOwn(authentication, name))
  if (misplaced !== undefined) {
    throw new TypeError(`tokenPlugin: option "${misplaced}" has no place in "authentication"`)
  }
  const carriers: CarrierOptions | undefined = authentication.carriers
  if (carriers?.form === true) {
    throw new TypeError(
      'tokenPlugin: option "carriers.form" cannot work in "authentication": tokens are looked for before a body is read',
    )
  }
}
