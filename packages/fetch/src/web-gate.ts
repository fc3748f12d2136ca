import { isFunction, isLater } from '@tessera/core'
import type { MaybeLater, OptionRule } from '@tessera/core'
import { checkGateOptions, gate, gateHeaders } from '@tessera/http'
import type { Admission, Admitted, Authenticator, GateRequest } from '@tessera/http'
import type { AuthenticateOptions, Context, RequestFacts } from './authenticate-options.ts'
import { contextOf, headersOf, queryOf, tokenFieldsOf } from './translate.ts'

export type WebGate<Incoming extends Request, Rest extends Context> = (
  request: Incoming,
  context: Rest,
) => MaybeLater<Admission>

export const ofRequest: OptionRule = { right: 'a function of the request', test: isFunction }

/** The options of {@link RequestFacts}, for `checkOptions`. */
export const factRules: Readonly<Record<keyof RequestFacts, OptionRule>> = {
  clientAddress: ofRequest,
  requestId: ofRequest,
}

export const refusalRule: OptionRule = { right: 'a function of the request and the refusal', test: isFunction }

/** @throws TypeError for an unknown or wrong option, with its name and that of the factory */
export function checkAuthenticateOptions(factory: string, options: AuthenticateOptions): void {
  checkGateOptions(factory, options, {
    ...factRules,
    caller: ofRequest,
    onRefusal: refusalRule,
  })
}

/** Of requests that may pass another gate. */
const admissions = new WeakMap<Request, Admitted>()

/** Hands on an admission, and keeps it for the next gate that the request passes. */
export function noted(request: Request, admission: Admission): Admission {
  if (admission.ok) admissions.set(request, admission)
  return admission
}

/** The gate of `@tessera/http`, for requests of the web. Its options are checked before. */
export function webGate<Incoming extends Request, Rest extends Context>(
  tokens: Authenticator,
  options: AuthenticateOptions<string, Incoming, Rest>,
): WebGate<Incoming, Rest> {
  const { clientAddress, requestId: _, caller, onRefusal, ...own } = options
  const decide = gate<GateRequest & { readonly request: Incoming }>(tokens, {
    ...own,
    ...(onRefusal && { onRefusal: (_problem, refused, { request }) => onRefusal(request, refused) }),
  })
  const names = gateHeaders(options)

  return (request, context) => {
    const admission = decide({
      request,
      method: request.method,
      query: queryOf(request),
      headers: headersOf(request, names),
      ip: clientAddress?.(request, ...context),
      context: () => contextOf(options, request, context),
      form: () => tokenFieldsOf(request),
      before: admissions.get(request),
      caller: caller && (() => caller(request, ...context)),
    })
    return isLater(admission) ? admission.then((later) => noted(request, later)) : noted(request, admission)
  }
}
