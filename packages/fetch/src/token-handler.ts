import type { Tokens } from '@tessera/core'
import { Problem, checkTokens, errorResponse, mountAt, operationNames, standard, tokenEndpoint } from '@tessera/http'
import type { HttpRequest, HttpResponse } from '@tessera/http'
import type { Context } from './authenticate-options.ts'
import { checkTokenHandlerOptions } from './token-handler-options.ts'
import type { TokenHandlerOptions } from './token-handler-options.ts'
import { contextOf, toHttpRequest, toResponse } from './translate.ts'
import { webGate } from './web-gate.ts'

/**
 * Builds a handler for all operations on tokens. It answers every request: 404 in the dialect's words for a path that is not
 * its own. It rejects for a fault of the app only.
 *
 * @throws TypeError for an unknown or wrong option, with its name
 * @example export const { GET, POST } = { GET: handler, POST: handler }
 */
export function tokenHandler<Incoming extends Request = Request, Rest extends Context = Context>(
  tokens: Tokens,
  options: TokenHandlerOptions<Incoming, Rest> = {},
): (request: Incoming, ...context: Rest) => Promise<Response> {
  checkTokens('tokenHandler', tokens)
  checkTokenHandlerOptions(options as TokenHandlerOptions)
  const { basePath = '/', caller, authentication, clientAddress, requestId, onRefusal, ...handling } = options
  const { dialect = standard, origins, onError } = handling
  const mountedAt = mountAt(basePath)
  const findHandler = tokenEndpoint(tokens, handling, operationNames)
  const decide = webGate<Incoming, Rest>(tokens, {
    ...authentication,
    dialect,
    ...(origins && { origins }),
    ...(onError && { onError }),
    ...(clientAddress && { clientAddress }),
    ...(requestId && { requestId }),
    ...(onRefusal && { onRefusal }),
  })

  async function answer(request: Incoming, context: Rest): Promise<HttpResponse> {
    const at = mountedAt(new URL(request.url).pathname)
    const handle = at && findHandler({ method: request.method, path: at.path })
    if (at === null || handle === null) {
      return errorResponse(new Problem('not_found', 'There is nothing here.'), dialect)
    }
    const asked = toHttpRequest(request, at)
    if (caller !== undefined) return handle({ ...asked, ...factsOf(request, context) })
    const admission = await decide(request, context)
    if (!admission.ok) return admission.answer
    const { status, headers, body } = await handle({ ...asked, ...admission.facts })
    return { status, headers: { ...admission.headers, ...headers }, body }
  }

  /** Of a person, for whom there is no gate. */
  function factsOf(request: Incoming, context: Rest): Partial<HttpRequest> {
    return {
      caller: async () => caller?.(request, ...context),
      ip: clientAddress?.(request, ...context),
      context: () => contextOf(options, request, context),
      onRefusal: (refused) => onRefusal?.(request, refused),
    }
  }

  return async (request, ...context) => toResponse(await answer(request, context))
}
