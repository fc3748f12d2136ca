import { checkAuthenticator } from '@tessera/http'
import type { Authenticator } from '@tessera/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { setAuth } from './auth.ts'
import type { AnyRequest } from './auth.ts'
import { requestGate } from './request-gate.ts'
import { checkRequireTokenOptions } from './require-token-options.ts'
import type { RequireTokenOptions } from './require-token-options.ts'
import { sendForGood } from './translate.ts'

/** A hook of Fastify for routes of any type: `onRequest`, or any before the handler. */
export type TokenHook = (request: AnyRequest, reply: AnyReply) => Promise<unknown>

interface AnyReply {
  readonly raw: object
  readonly sent: boolean
}

/** The scopes of the tokens, and none that are inferred from a slip. */
export type Known<Scope extends string> = [Scope][Scope extends unknown ? 0 : never]

/**
 * Builds a hook. It admits a request only with an active token with the scopes, and `getAuth(request)` then gives the token.
 *
 * @param tokens The result of `createTokens`, or another authenticator: it decides about accepted kinds.
 * @throws TypeError for an unknown or wrong option, with its name
 * @example app.get('/jobs', { onRequest: requireToken(tokens, { scopes: ['jobs:read'] }) }, list)
 */
export function requireToken<Scope extends string = string>(
  tokens: Authenticator<Scope>,
  options?: RequireTokenOptions<Known<Scope>>,
): TokenHook
export function requireToken(
  tokens: Authenticator,
  options: RequireTokenOptions = {},
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  checkAuthenticator('requireToken', tokens)
  checkRequireTokenOptions('requireToken', options)
  const decide = requestGate(tokens, options)
  return async (request, reply) => {
    const admission = await decide(request)
    if (admission.ok) {
      reply.headers(admission.headers)
      setAuth(request, admission)
      return undefined
    }
    if (options.forwardErrors === true) throw admission.problem
    return sendForGood(reply, admission.answer)
  }
}
