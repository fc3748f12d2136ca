import { checkOptions } from '@tessera/core'
import type { OptionRule, Tokens } from '@tessera/core'
import { answerErrors } from './answer-errors.ts'
import type { OnError } from './answer-errors.ts'
import type { Handler, HttpRequest } from './message.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { checkTokens, optionRules } from './option-rules.ts'
import type { Problem } from './problem.ts'
import type { JsonObject } from './read-body.ts'
import { readForm, requireField } from './read-form.ts'
import { clientRule, requireClient, writeClientError } from './require-client.ts'
import type { FindClient } from './require-client.ts'

export interface RevocationOptions {
  /**
   * Whose credentials these are: only clients may ask then, and events name the client's `id` as who revoked. Default:
   * whoever holds the secret may.
   */
  readonly client?: FindClient
  /** Told of every store failure that a client is answered 503 for. Default: a process warning. */
  readonly onError?: OnError
}

/** The options of revocation, for `checkOptions`. */
export const revocationRules: Readonly<Record<keyof RevocationOptions, OptionRule>> = {
  client: clientRule,
  onError: optionRules.onError,
}

/**
 * `POST` with the secret as form field `token`: revokes it, because holding the secret is the proof. 200 without a body
 * for a token that was revoked, is revoked already or never existed, so that nothing is learnt from it. A
 * `token_type_hint` has no effect: there is one type of tokens.
 *
 * @throws TypeError that names the option that is unknown or wrong
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
    await tokens.revokeSecret(requireField(form, 'token'), { by: client?.id ?? null })
    return { status: 200, headers: { 'Cache-Control': 'no-store' }, body: '' }
  }
}

// RFC 7009 §2.2.1 words errors as RFC 6749 §5.2 does; a 400 is the bare code.
function writeRevocationError(problem: Problem): JsonObject {
  return problem.status === 400 ? { error: 'invalid_request' } : writeClientError(problem)
}
