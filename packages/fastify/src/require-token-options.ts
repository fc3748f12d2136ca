import { isBoolean, isFunction } from '@tessera/core'
import type { OptionRule } from '@tessera/core'
import { checkGateOptions } from '@tessera/http'
import type { CarrierOptions, Dialect, EndNotice, MaybeCaller, OnError, OnRefusal, RouteScopes } from '@tessera/http'
import type { FastifyRequest } from 'fastify'

/** Facts that only the app knows of a request. */
export interface RequestFacts {
  /**
   * The client's address, for tokens with networks: without it they are refused. `request.ip` depends on Fastify's option
   * `trustProxy`: if that trusts too much, clients choose their address.
   */
  readonly clientAddress?: (request: FastifyRequest) => string | null | undefined
  /** The app's name of the request, for the events. Default `request.id`. */
  readonly requestId?: (request: FastifyRequest) => string | null | undefined
  /**
   * Called with each refused request, its reason, and the token if it is known. The client gets none of that. It may return a
   * promise; no answer waits for it.
   */
  readonly onRefusal?: OnRefusal<FastifyRequest>
}

export interface RequireTokenOptions<Scope extends string = string> extends RouteScopes<Scope>, RequestFacts {
  /** Words the errors. Default `standard`. */
  readonly dialect?: Dialect
  /** Throws an error with `status`, `headers` and `code` for the app's error handler instead of answering. Default false. */
  readonly forwardErrors?: boolean
  /** Admits callers without a credential, never one with a refused token. Default false. */
  readonly optional?: boolean
  /**
   * Finds the person of a session, for routes for both: `null` for nobody. Called only for a request without a token.
   * `findCaller(request)` then gives the caller. Default only tokens.
   */
  readonly caller?: (request: FastifyRequest) => MaybeCaller | Promise<MaybeCaller>
  /** The origins of other sites whose pages may ask for changes by a person's session. Default none. */
  readonly origins?: readonly string[]
  /** Places for a token beside the header. A form is parsed only before `preValidation` and `preHandler`. Default none. */
  readonly carriers?: CarrierOptions
  /** Names the protection space in challenges. Default `api`, where a challenge has no error. */
  readonly realm?: string
  /** Names the metadata of the API in challenges: the `url` of `protectedResourceMetadata`. Default none. */
  readonly resourceMetadata?: string
  /** Announces the near end of the token that asks, in `Deprecation` and `Sunset` of the answer. Default nothing. */
  readonly endNotice?: EndNotice
  /** Called with every store failure answered with 503, and with failures of `onRefusal`. Default: a process warning. */
  readonly onError?: OnError
}

export const ofRequest: OptionRule = { right: 'a function of the request', test: isFunction }

/** The options of {@link RequestFacts}, for `checkOptions`. */
export const factRules: Readonly<Record<keyof RequestFacts, OptionRule>> = {
  clientAddress: ofRequest,
  requestId: ofRequest,
  onRefusal: { right: 'a function of the request and the refusal', test: isFunction },
}

/** The option of a plugin that is checked by itself. */
export const tokensRule: OptionRule = { right: 'what createTokens() returns', test: () => true }

/**
 * @param own The rules of options that only this factory has.
 * @throws TypeError for an unknown or wrong option, with its name and that of the factory
 */
export function checkRequireTokenOptions(
  factory: string,
  options: RequireTokenOptions,
  own: Readonly<Record<string, OptionRule>> = {},
): void {
  checkGateOptions(factory, options, {
    ...factRules,
    forwardErrors: { right: 'a boolean', test: isBoolean },
    caller: ofRequest,
    ...own,
  })
}
