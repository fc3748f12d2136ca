import { checkOptions, isBoolean, isFunction } from '@tessera/core'
import type { OptionRule } from '@tessera/core'
import { optionRules } from '../bearer/option-rules.ts'
import type { CarrierOptions } from '../bearer/read-carriers.ts'
import { checkRouteScopes, routeScopesRules } from '../bearer/route-scopes.ts'
import type { RouteScopes } from '../bearer/route-scopes.ts'
import { originsRule } from '../bearer/same-site.ts'
import type { OnError } from '../dialects/answer-errors.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Problem } from '../message/problem.ts'
import { endNoticeRule } from './end-notice.ts'
import type { EndNotice } from './end-notice.ts'
import type { GateRequest } from './gate-request.ts'
import type { RefusedRequest } from '../message/refused-request.ts'

/** Called with each refused request before it is answered. It may return a promise; no answer waits for it. */
export type OnGateRefusal<Request> = (problem: Problem, refused: RefusedRequest, request: Request) => unknown

export interface GateOptions<Request extends GateRequest = GateRequest> extends RouteScopes {
  /** Admits callers without a credential, never one with a refused token. Default false. */
  readonly optional?: boolean | undefined
  /** Places for a token beside the header. Default none. */
  readonly carriers?: CarrierOptions | undefined
  /** Words the errors. Default `standard`. */
  readonly dialect?: Dialect | undefined
  /** Names the protection space in challenges. Default `api`, where a challenge has no error. */
  readonly realm?: string | undefined
  /** Names the metadata of the API in challenges: the `url` of `protectedResourceMetadata`. Default none. */
  readonly resourceMetadata?: string | undefined
  /** The origins of other sites whose pages may ask for changes by a person's session. Default none. */
  readonly origins?: readonly string[] | undefined
  /** Announces the near end of the token that asks, in `Deprecation` and `Sunset` of the answer. Default nothing. */
  readonly endNotice?: EndNotice | undefined
  /** Called with every store failure answered with 503, and with failures of `onRefusal`. Default: a process warning. */
  readonly onError?: OnError | undefined
  /** For the app: the client gets neither the reason nor the token. Default nothing. */
  readonly onRefusal?: OnGateRefusal<Request> | undefined
}

/** The options of a gate, for `checkOptions`. */
const gateRules: Readonly<Record<keyof GateOptions, OptionRule>> = {
  ...optionRules,
  ...routeScopesRules,
  optional: { right: 'a boolean', test: isBoolean },
  origins: originsRule,
  endNotice: endNoticeRule,
  onRefusal: { right: 'a function of the problem, the refusal and the request', test: isFunction },
}

/**
 * Checks the options of an adapter that passes them on to a gate.
 *
 * @param own The rules of the adapter's own options, or its own rules of a gate's.
 * @throws TypeError for an unknown or wrong option, with its name
 */
export function checkGateOptions(
  factory: string,
  options: RouteScopes,
  own: Readonly<Record<string, OptionRule>> = {},
): void {
  checkOptions(factory, options, { ...gateRules, ...own })
  checkRouteScopes(factory, options)
}

const ONLY_TOKEN: readonly string[] = ['authorization']
const ALL: readonly string[] = [
  ...['authorization', 'content-type'],
  ...['host', ':authority', 'origin', 'sec-fetch-site'],
]

/**
 * The lower-case names of the headers that a gate looks at, for `nodeHeaders` and `headerLists`. All but one are for forms
 * and people.
 *
 * @param options Those of the gate, with `caller` if it is given one.
 */
export function gateHeaders({
  carriers,
  caller,
}: Pick<GateOptions, 'carriers'> & { readonly caller?: unknown }): readonly string[] {
  return carriers === undefined && caller === undefined ? ONLY_TOKEN : ALL
}
