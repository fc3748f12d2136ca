import { checkAuthenticator } from '@tessera/http'
import type { Authenticator } from '@tessera/http'
import type { FastifyInstance, FastifyPluginAsync, RegisterOptions } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { ownOptions } from './own-options.ts'
import { checkRequireTokenOptions, tokensRule } from './require-token-options.ts'
import type { RequireTokenOptions } from './require-token-options.ts'
import { requireToken } from './require-token.ts'
import type { TokenHook } from './require-token.ts'

/** The options that all routes have in common. A route names its scopes itself. */
export interface TesseraOptions extends Omit<RequireTokenOptions, 'scopes' | 'anyScope'> {
  readonly tokens: Authenticator
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The function `requireToken`, with the tokens and the options of the plugin `tessera`. Those of a route count first. */
    requireToken<Scope extends string = string>(options?: RequireTokenOptions<Scope>): TokenHook
  }
}

/**
 * Decorates an app with `requireToken`. An app with several kinds of tokens uses the function of this name instead.
 *
 * @throws TypeError for an unknown or wrong option, with its name
 */
export const tessera: FastifyPluginAsync<TesseraOptions> = fastifyPlugin(
  async (app: FastifyInstance, given: TesseraOptions & RegisterOptions) => {
    const options = ownOptions(given)
    checkAuthenticator('tessera', options.tokens)
    checkRequireTokenOptions('tessera', options, { tokens: tokensRule })
    const { tokens, ...common } = options
    for (const name of ['scopes', 'anyScope']) {
      if (Object.hasOwn(common, name)) throw new TypeError(`tessera: option "${name}" is that of a route`)
    }
    app.decorate('requireToken', (options: RequireTokenOptions = {}) => {
      checkRequireTokenOptions('requireToken', options)
      const own = Object.entries(options).filter(([, value]) => value !== undefined)
      return requireToken(tokens, { ...common, ...Object.fromEntries(own) })
    })
  },
  { name: '@tessera/fastify', fastify: '5.x' },
)
