import { isLater } from '@tessera/core'
import type { MaybeLater } from '@tessera/core'
import { besideHeader, checkAuthenticator } from '@tessera/http'
import type { Admission, Authenticator } from '@tessera/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { setAuth } from './auth.ts'
import type { AnyRequest } from './auth.ts'
import { requestGate } from './request-gate.ts'
import { checkRequireTokenOptions } from './require-token-options.ts'
import type { RequireTokenOptions } from './require-token-options.ts'
import { forGood, send } from './translate.ts'

/**
 * A hook of Fastify for routes of any type: `onRequest`, or any before the handler. It calls `done` in the same turn if
 * nothing has to be waited for. Else, and without a `done`, it returns a promise.
 */
export type TokenHook = (request: AnyRequest, reply: AnyReply, done?: () => void) => Promise<unknown> | undefined

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
): (request: FastifyRequest, reply: FastifyReply, done?: () => void) => Promise<unknown> | undefined {
  checkAuthenticator('requireToken', tokens)
  checkRequireTokenOptions('requireToken', options)
  const decide = requestGate(tokens, options)

  /** Whether the request goes on. */
  function admits(admission: Admission, request: FastifyRequest, reply: FastifyReply): boolean {
    if (admission.ok) {
      const { headers } = admission
      for (const name in headers) reply.header(name, besideHeader(name, headers[name] ?? '', reply.getHeader(name)))
      setAuth(request, admission)
      return true
    }
    if (options.forwardErrors === true) throw admission.problem
    send(reply, admission.answer)
    return false
  }

  async function later(admission: MaybeLater<Admission>, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!admits(await admission, request, reply)) await forGood()
  }

  return (request, reply, done) => {
    const admission = decide(request)
    if (done === undefined || isLater(admission)) return later(admission, request, reply)
    if (admits(admission, request, reply)) done()
    return undefined
  }
}
