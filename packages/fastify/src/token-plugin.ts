import { operationNames, standard, tokenEndpoint } from '@tessera/http'
import type { GateFacts } from '@tessera/http'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { authOf } from './auth.ts'
import { mount } from './mount.ts'
import { ownOptions } from './own-options.ts'
import { requireToken } from './require-token.ts'
import { checkTokenPluginOptions } from './token-plugin-options.ts'
import type { TokenPluginOptions } from './token-plugin-options.ts'
import { contextOf } from './translate.ts'

/**
 * Serves all operations on tokens below the prefix. Other paths there are not found, in the words of the app.
 *
 * @throws TypeError for an unknown or wrong option, with its name
 * @example app.register(tokenPlugin, { prefix: '/tokens', tokens })
 */
export const tokenPlugin: FastifyPluginAsync<TokenPluginOptions> = async (app, given) => {
  const options = ownOptions(given)
  checkTokenPluginOptions(options)
  const { tokens, caller, authentication, clientAddress, requestId, onRefusal, ...handling } = options
  const { dialect = standard, origins, onError } = handling
  const findHandler = tokenEndpoint(tokens, handling, operationNames)
  const authenticate = requireToken(tokens, {
    ...authentication,
    dialect,
    ...(origins && { origins }),
    ...(onError && { onError }),
    ...(clientAddress && { clientAddress }),
    ...(requestId && { requestId }),
    ...(onRefusal && { onRefusal }),
  })

  async function admit(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    if (caller !== undefined) return undefined
    // What `authentication` asks for is asked of whoever was admitted before, too.
    return authentication === undefined && authOf(request) !== undefined ? undefined : authenticate(request, reply)
  }

  function factsOf(request: FastifyRequest): Partial<GateFacts> {
    if (caller === undefined) return authOf(request)?.facts ?? {}
    return {
      caller: () => caller(request),
      ip: clientAddress?.(request),
      context: () => contextOf(request, options),
      onRefusal: (refused) => onRefusal?.(request, refused),
    }
  }

  mount(app, {
    urls: ['/', '/*'],
    words: dialect,
    mediaType: 'application/json',
    find: (method, path) => findHandler({ method, path }),
    admit,
    factsOf,
  })
}
