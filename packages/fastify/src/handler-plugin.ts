import { checkOptions, isFunction } from '@tessera/core'
import { writeOAuthError } from '@tessera/http'
import type { Handler } from '@tessera/http'
import type { FastifyPluginAsync } from 'fastify'
import { authOf } from './auth.ts'
import { mount } from './mount.ts'
import { ownOptions } from './own-options.ts'
import { factRules } from './require-token-options.ts'
import type { RequestFacts } from './require-token-options.ts'
import { contextOf } from './translate.ts'

export interface HandlerPluginOptions extends Omit<RequestFacts, 'onRefusal'> {
  readonly handler: Handler
}

/**
 * Serves a handler of `@tessera/http`, or of a package like it, at the prefix.
 *
 * @throws TypeError for anything but a handler, and for an unknown or wrong option
 * @example app.register(handlerPlugin, { prefix: '/oauth/revoke', handler: revocationHandler(tokens) })
 */
export const handlerPlugin: FastifyPluginAsync<HandlerPluginOptions> = async (app, given) => {
  const options = ownOptions(given)
  const { onRefusal: _, ...facts } = factRules
  checkOptions('handlerPlugin', options, {
    ...facts,
    handler: { right: 'a handler, a function of the request', test: isFunction, required: true },
  })
  const { handler, clientAddress } = options
  mount(app, {
    urls: ['/'],
    words: { writeError: writeOAuthError },
    find: (_method, path) => (path === '/' ? handler : null),
    factsOf: (request) => ({
      ip: clientAddress?.(request),
      context: () => contextOf(request, options),
      ...authOf(request)?.facts,
      caller: null,
    }),
  })
}
