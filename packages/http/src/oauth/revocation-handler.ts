import { checkOptions } from '@tessera/core'
import type { OptionRule, Tokens } from '@tessera/core'
import { checkTokens, optionRules } from '../bearer/option-rules.ts'
import { answerErrors } from '../dialects/answer-errors.ts'
import type { OnError } from '../dialects/answer-errors.ts'
import type { Handler, HttpRequest } from '../message/message.ts'
import { methodNotAllowed } from '../message/method-not-allowed.ts'
import type { Problem } from '../message/problem.ts'
import type { JsonObject } from '../message/read-body.ts'
import { readForm, requireParameter } from '../message/read-form.ts'
import { clientRule, requireClient, writeClientError } from './require-client.ts'
import type { FindClient } from './require-client.ts'

export interface RevocationOptions {
  /**
   * Finds the client of these credentials. With it only clients may revoke, and events name the client's `id` as `by`.
   * Default: anybody with the secret may revoke.
   */
  readonly client?: FindClient
  /** Called with every store failure answered with 503. Default: a process warning. */
  readonly onError?: OnError
}

/** The options of revocation, for `checkOptions`. */
export const revocationRules: Readonly<Record<keyof RevocationOptions, OptionRule>> = {
  client: clientRule,
  onError: optionRules.onError,
}

/**
 * `POST` with the secret as form field `token`: revokes the token. The secret is the permission. The answer is 200
 * without a body if the token was revoked now, earlier, or never existed, so it reveals nothing. A `token_type_hint`
 * has no effect: there is one type of token.
 *
 * @throws TypeError for an unknown or wrong option, with its name
 * @see https://www.rfc-editor.org/rfc/rfc7009#section-2
 */
export function revocationHandler(tokens: Tokens, options: RevocationOptions = {}): Handler {
  checkTokens('revocationHandler', tokens)
  checkOptions('revocationHandler', options, revocationRules)
  const { client: findClient, onError } = options
  return answerErrors(revoke, writeRevocationError, onError)

  async function revoke(request: HttpRequest) {
    if (request.method !== 'POST') throw methodNotAllowed(['POST'])
    const form = await readForm(request)
    const client = findClient === undefined ? null : await requireClient(request, form, findClient)
    await tokens.revokeSecret(requireParameter(form, 'token'), { by: client?.id ?? null })
    return { status: 200, headers: { 'Cache-Control': 'no-store' }, body: '' }
  }
}

// RFC 7009 §2.2.1 words errors as RFC 6749 §5.2 does; a 400 is the bare code.
function writeRevocationError(problem: Problem): JsonObject {
  return problem.status === 400 ? { error: 'invalid_request' } : writeClientError(problem)
}
