import { callHook, checkOptions, hasMethods, isFunction, warn } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import { answerErrors } from '../dialects/answer-errors.ts'
import type { OnError } from '../dialects/answer-errors.ts'
import { jsonResponse } from '../message/message.ts'
import type { Handler, HttpResponse } from '../message/message.ts'
import { methodNotAllowed } from '../message/method-not-allowed.ts'
import { writeOAuthError } from '../oauth/oauth-error.ts'

export interface HealthOptions {
  /** Called with each failure of the store. Default: a process warning, at most one a second of each kind. */
  readonly onError?: OnError
}

/**
 * Readiness, for a load balancer: 200 if the store answers, else 503 with `Retry-After`. Whoever asks does not learn why.
 * However many ask, the store has one read a second, see `tokens.ready`.
 *
 * @throws TypeError for anything but tokens, and for an unknown or wrong option
 * @example app.use('/ready', serveHandler(healthHandler(tokens)))
 */
export function healthHandler(tokens: Pick<Tokens, 'ready'>, options: HealthOptions = {}): Handler {
  if (!hasMethods(tokens, ['ready'])) throw new TypeError('healthHandler: give the tokens, made by createTokens')
  checkOptions('healthHandler', options, { onError: { right: 'a function', test: isFunction } })
  const { onError = warn } = options
  return answering(async () => {
    try {
      await tokens.ready()
      return jsonResponse(200, { status: 'ready' })
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error('tokens.ready failed', { cause: thrown })
      callHook('option "onError"', () => onError(error), warn)
      return jsonResponse(503, { status: 'unavailable' }, { 'Retry-After': '1' })
    }
  })
}

/**
 * Liveness: 200 as long as the process answers. It never asks the store: a process without its store is not to be ended,
 * since the next one would have none either.
 */
export function livenessHandler(): Handler {
  return answering(async () => jsonResponse(200, { status: 'alive' }))
}

function answering(answer: () => Promise<HttpResponse>): Handler {
  const handle: Handler = async ({ method }) => {
    if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed(['GET', 'HEAD'])
    return answer()
  }
  return answerErrors(handle, { writeError: writeOAuthError })
}
