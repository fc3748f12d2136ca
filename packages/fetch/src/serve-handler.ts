import { checkOptions, isFunction } from '@tessera/core'
import type { Handler } from '@tessera/http'
import type { Context, RequestFacts } from './authenticate-options.ts'
import { ROOT, contextOf, toHttpRequest, toResponse } from './translate.ts'
import { factRules } from './web-gate.ts'

/**
 * Serves a handler of `@tessera/http`, or of a package like it, at a route of the app. Rejects for a fault of the app only.
 *
 * @throws TypeError for anything but a handler, and for an unknown or wrong option
 * @example export const POST = serveHandler(revocationHandler(tokens))
 */
export function serveHandler<Incoming extends Request = Request, Rest extends Context = Context>(
  handle: Handler,
  options: RequestFacts<Incoming, Rest> = {},
): (request: Incoming, ...context: Rest) => Promise<Response> {
  if (!isFunction(handle)) throw new TypeError('serveHandler: give a handler, a function of the request')
  checkOptions('serveHandler', options, factRules)
  return async (request, ...context) => {
    const facts = {
      ip: options.clientAddress?.(request, ...context),
      context: () => contextOf(options, request, context),
    }
    return toResponse(await handle({ ...toHttpRequest(request, ROOT), ...facts }))
  }
}
