import { checkOptions, isFunction } from '@tessera/core'
import { servesPath, writeOAuthError } from '@tessera/http'
import type { Handler, MaybeCaller } from '@tessera/http'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { authOf } from './auth.ts'
import { mount } from './mount.ts'
import { ownOptions } from './own-options.ts'
import { factRules, ofRequest } from './require-token-options.ts'
import type { RequestFacts } from './require-token-options.ts'
import { contextOf } from './translate.ts'

export interface HandlerPluginOptions extends Omit<RequestFacts, 'onRefusal'> {
  readonly handler: Handler
  /** The person who signed in, for a handler for people; `null` for nobody. It may throw a `Problem`. Default nobody. */
  readonly caller?: (request: FastifyRequest) => MaybeCaller | Promise<MaybeCaller>
}

/**
 * Serves a handler of `@tessera/http`, or of a package like it, at the prefix, and below it if the handler serves that too.
 *
 * @throws TypeError for anything but a handler, and for an unknown or wrong option
 * @example app.register(handlerPlugin, { prefix: '/oauth/revoke', handler: revocationHandler(tokens) })
 */
export const handlerPlugin: FastifyPluginAsync<HandlerPluginOptions> = async (app, given) => {
  const options = ownOptions(given)
  const { onRefusal: _, ...facts } = factRules
  checkOptions('handlerPlugin', options, {
    ...facts,
    caller: ofRequest,
    handler: { right: 'a handler, a function of the request', test: isFunction, required: true },
  })
  const { handler, clientAddress, caller } = options
  mount(app, {
    urls: handler.servesBelow === true ? ['/', '/*'] : ['/'],
    words: { writeError: writeOAuthError },
    find: (_method, path) => (servesPath(handler, path) ? handler : null),
    factsOf: (request) => ({
      ip: clientAddress?.(request),
      context: () => contextOf(request, options),
      ...authOf(request)?.facts,
      caller: caller === undefined ? null : () => caller(request),
    }),
  })
}
