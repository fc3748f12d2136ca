import { checkOptions, isFunction } from '@tessera/core'
import { Problem, errorResponse, mountAt, mountPathRule, servesPath, writeOAuthError } from '@tessera/http'
import type { Handler, HttpRequest } from '@tessera/http'
import type { Context, OfRequest, Person, RequestFacts } from './authenticate-options.ts'
import { ROOT, contextOf, toHttpRequest, toResponse } from './translate.ts'
import { factRules, ofRequest } from './web-gate.ts'

export interface ServeOptions<Incoming extends Request = Request, Rest extends Context = Context>
  extends RequestFacts<Incoming, Rest> {
  /** The person who signed in, for a handler for people; `null` for nobody. It may throw a `Problem`. Default nobody. */
  readonly caller?: OfRequest<Incoming, Rest, Person>
  /** The path of the handler in the URL, for one that serves paths below it. Default every request is of the handler itself. */
  readonly basePath?: string
}

/**
 * Serves a handler of `@tessera/http`, or of a package like it, at a route of the app. Rejects for a fault of the app only.
 *
 * @throws TypeError for anything but a handler, for an unknown or wrong option, and without the `basePath` of a handler that
 *   serves the paths below it: all of them would look like its first
 * @example export const POST = serveHandler(revocationHandler(tokens))
 */
export function serveHandler<Incoming extends Request = Request, Rest extends Context = Context>(
  handle: Handler,
  options: ServeOptions<Incoming, Rest> = {},
): (request: Incoming, ...context: Rest) => Promise<Response> {
  if (!isFunction(handle)) throw new TypeError('serveHandler: give a handler, a function of the request')
  checkOptions('serveHandler', options, { ...factRules, caller: ofRequest, basePath: mountPathRule })
  const { caller, clientAddress, basePath } = options
  if (handle.servesBelow === true && basePath === undefined)
    throw new TypeError('serveHandler: option "basePath" is needed, since the handler serves the paths below it')
  const mountedAt = basePath === undefined ? () => ROOT : mountAt(basePath)

  return async (request, ...context) => {
    const at = mountedAt(new URL(request.url).pathname)
    if (at === null || !servesPath(handle, at.path)) return toResponse(NOTHING_HERE)
    const facts: Partial<HttpRequest> = {
      ip: clientAddress?.(request, ...context),
      context: () => contextOf(options, request, context),
      ...(caller && { caller: async () => caller(request, ...context) }),
    }
    return toResponse(await handle({ ...toHttpRequest(request, at), ...facts }))
  }
}

const NOTHING_HERE = errorResponse(new Problem('not_found', 'There is nothing here.'), { writeError: writeOAuthError })
