import { isFunction } from '@tessera/core'
import { besideHeader } from '@tessera/http'
import type { Authenticator } from '@tessera/http'
import type { Auth, AuthOf } from './admission.ts'
import { authenticate } from './authenticate.ts'
import type { Known } from './authenticate.ts'
import type { AuthenticateOptions, Context, Person } from './authenticate-options.ts'

/**
 * Builds the handler of a route: `handle` is called only with an active token with the scopes, and refusals are answered.
 *
 * @throws TypeError for an unknown or wrong option, with its name
 * @example export const GET = protect(tokens, { scopes: ['jobs:read'] }, (request, { token }) => Response.json(token.owner))
 */
export function protect<
  Scope extends string = string,
  Incoming extends Request = Request,
  Rest extends Context = Context,
  Optional extends boolean = false,
  Found extends Person = never,
>(
  tokens: Authenticator<Scope>,
  options: AuthenticateOptions<Known<Scope>, Incoming, Rest, Optional, Found>,
  handle: (request: Incoming, auth: AuthOf<Optional, Found>, ...context: Rest) => Response | Promise<Response>,
): (request: Incoming, ...context: Rest) => Promise<Response>
export function protect(
  tokens: Authenticator,
  options: AuthenticateOptions,
  handle: (request: Request, auth: Auth, ...context: Context) => Response | Promise<Response>,
): (request: Request, ...context: Context) => Promise<Response> {
  const decide = authenticate(tokens, options)
  if (!isFunction(handle))
    throw new TypeError('protect: give a function of the request and its auth, behind the options')
  return async (request, ...context) => {
    const auth = await decide(request, ...context)
    return auth.ok ? withHeaders(await handle(request, auth, ...context), auth.headers) : auth.response
  }
}

function withHeaders(response: Response, headers: Auth['headers']): Response {
  const changed = Object.entries(headers)
    .map(([name, value]) => [name, besideHeader(name, value, response.headers.get(name))] as const)
    .filter(([name, value]) => response.headers.get(name) !== value)
  // A response may be immutable; one without a regular status, such as an upgrade, cannot be copied.
  if (changed.length === 0 || response.status < 200) return response
  const copy = new Response(response.body, response)
  for (const [name, value] of changed) copy.headers.set(name, value)
  return copy
}
