import type { Watch } from '@tessera/core'
import { checkAuthenticator } from '@tessera/http'
import type { Admission, Admitted, AdmittedWatchOptions, Authenticator } from '@tessera/http'
import type { Auth, AuthOf, Refused } from './admission.ts'
import type { AuthenticateOptions, Context, Person } from './authenticate-options.ts'
import { toResponse } from './translate.ts'
import { checkAuthenticateOptions, noted, webGate } from './web-gate.ts'

/** The scopes of the tokens, and none that are inferred from a slip. */
export type Known<Scope extends string> = [Scope][Scope extends unknown ? 0 : never]

/**
 * Decides about one request: who is calling, or the response to refuse it with. Rejects for a fault of the app only.
 *
 * @param context What the framework hands on behind the request, for the functions among the options.
 */
export type Authenticate<Incoming extends Request, Rest extends Context, Admitted> = (
  request: Incoming,
  ...context: Rest
) => Promise<Admitted | Refused>

/**
 * Builds a function that admits a request only with an active token with the scopes.
 *
 * @param tokens The result of `createTokens`, or another authenticator: it decides about accepted kinds.
 * @throws TypeError for an unknown or wrong option, with its name
 */
export function authenticate<
  Scope extends string = string,
  Incoming extends Request = Request,
  Rest extends Context = Context,
  Optional extends boolean = false,
  Found extends Person = never,
>(
  tokens: Authenticator<Scope>,
  options?: AuthenticateOptions<Known<Scope>, Incoming, Rest, Optional, Found>,
): Authenticate<Incoming, Rest, AuthOf<Optional, Found>>
export function authenticate(
  tokens: Authenticator,
  options: AuthenticateOptions = {},
): Authenticate<Request, Context, Auth> {
  checkAuthenticator('authenticate', tokens)
  checkAuthenticateOptions('authenticate', options)
  const decide = webGate(tokens, options)
  return async (request, ...context) => toAuth(request, await decide(request, context))
}

function toAuth(request: Request, admission: Admission): Auth | Refused {
  if (!admission.ok) return { ok: false, problem: admission.problem, response: toResponse(admission.answer) }
  const { token, caller, headers } = admission
  const require: Auth['require'] = (more) => toAuth(request, noted(request, admission.require(more)))
  return { ok: true, token, caller, headers, require, watch: (options) => watchOf(request, admission, options) }
}

/** Ends with the request. */
function watchOf({ signal }: Request, admission: Admitted, options: AdmittedWatchOptions = {}): Watch {
  const watch = admission.watch(options)
  if (signal.aborted) watch.close()
  // The signal of a request may live for longer than its watch.
  else signal.addEventListener('abort', watch.close, { once: true, signal: watch.signal })
  return watch
}
