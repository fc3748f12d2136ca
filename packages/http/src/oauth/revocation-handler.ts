import { TokenError } from '@tessera/core'
import type { ContextSource, Token, Tokens } from '@tessera/core'
import { checkTokens } from '../bearer/option-rules.ts'
import { answerErrors } from '../dialects/answer-errors.ts'
import { jsonResponse } from '../message/message.ts'
import type { Handler, HttpRequest, HttpResponse } from '../message/message.ts'
import { methodNotAllowed } from '../message/method-not-allowed.ts'
import type { Problem } from '../message/problem.ts'
import type { JsonObject } from '../message/read-body.ts'
import { readForm, requireParameter } from '../message/read-form.ts'
import { requireClient, writeClientError } from './require-client.ts'
import type { OAuthClient } from './require-client.ts'
import { checkRevocation } from './revocation-options.ts'
import type { RevocationOptions } from './revocation-options.ts'

/**
 * `POST` with the secret as form field `token`: revokes the token. The secret is the permission. The answer is 200
 * without a body if the token was revoked now, earlier, or never existed, so it reveals nothing. A `token_type_hint`
 * has no effect: the form of a token shows its type.
 *
 * A live signed access token of the option `accessTokens` is answered with 400 `unsupported_token_type`, or with
 * `revokesParent` ends its parent. One from elsewhere, or an expired one, is answered like an unknown token.
 *
 * @throws TypeError for an unknown, wrong or contradictory option, with its name
 * @see https://www.rfc-editor.org/rfc/rfc7009#section-2
 */
export function revocationHandler<Client extends OAuthClient = OAuthClient>(
  tokens: Tokens,
  options: RevocationOptions<Client> = {},
): Handler {
  checkTokens('revocationHandler', tokens)
  checkRevocation('revocationHandler', options)
  const { client: findClient, mayRevoke, accessTokens, revokesParent = false, onError } = options
  return answerErrors(handle, { writeError: writeRevocationError }, onError)

  async function handle(request: HttpRequest): Promise<HttpResponse> {
    if (request.method !== 'POST') throw methodNotAllowed(['POST'])
    const form = await readForm(request)
    const client = findClient === undefined ? null : await requireClient(request, form, findClient)
    try {
      return await revoke(requireParameter(form, 'token'), client, request.context)
    } catch (error) {
      if (error instanceof TokenError && error.code === 'forbidden') return refused('unauthorized_client')
      throw error
    }
  }

  async function revoke(
    presented: string,
    client: Client | null,
    context: ContextSource | undefined,
  ): Promise<HttpResponse> {
    const by = client?.id ?? null
    const isAllowed = async (token: Token) =>
      client === null || mayRevoke === undefined || (await mayRevoke(client, token))
    const parent = (await accessTokens?.parentOf(presented)) ?? null
    if (parent === null) await tokens.revokeSecret(presented, { by, mayRevoke: isAllowed, context })
    else {
      const token = await tokens.get(parent.owner, parent.id)
      if (token === null || token.status === 'revoked' || token.status === 'expired') return DONE
      if (!revokesParent) return refused('unsupported_token_type')
      if (!(await isAllowed(token))) return refused('unauthorized_client')
      await tokens.revoke(token.owner, token.id, { by, context })
    }
    return DONE
  }
}

const DONE: HttpResponse = { status: 200, headers: { 'Cache-Control': 'no-store' }, body: '' }

/** RFC 7009 §2.1 has a client told of its refusal, and not answered as if the token were revoked. */
function refused(error: 'unauthorized_client' | 'unsupported_token_type'): HttpResponse {
  return jsonResponse(400, { error })
}

// RFC 7009 §2.2.1 words errors as RFC 6749 §5.2 does; a 400 is the bare code.
function writeRevocationError(problem: Problem): JsonObject {
  return problem.status === 400 ? { error: 'invalid_request' } : writeClientError(problem)
}
