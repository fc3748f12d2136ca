import type { Tokens } from '@tessera/core'
import { answerErrors } from './answer-errors.ts'
import type { OnError } from './answer-errors.ts'
import type { Handler, HttpRequest } from './message.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { writeOAuthError } from './oauth-error.ts'
import { Problem } from './problem.ts'
import type { JsonObject } from './read-body.ts'
import { readBody } from './read-body.ts'
import { fieldValues } from './read-carriers.ts'

/**
 * `POST` with the secret as form field `token`: revokes it, whoever asks, because holding the secret is the proof. 200
 * without a body for a token that was revoked, is revoked already or never existed, so that nothing is learnt from it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7009#section-2
 */
export function revocationHandler(tokens: Tokens, { onError }: { readonly onError?: OnError } = {}): Handler {
  return answerErrors(revoke, writeRevocationError, onError)

  async function revoke(request: HttpRequest) {
    if (request.method !== 'POST') throw methodNotAllowed(['POST'])
    await tokens.revokeSecret(await readToken(request))
    return { status: 200, headers: { 'Cache-Control': 'no-store' }, body: '' }
  }
}

async function readToken(request: HttpRequest): Promise<string> {
  const body = await readBody(request, 'application/x-www-form-urlencoded')
  const values = typeof body === 'string' ? new URLSearchParams(body).getAll('token') : fieldValues(body, 'token')
  const [token = '', ...others] = values
  if (token === '' || others.length > 0) throw new Problem('invalid_request', 'token must be given once')
  return token
}

// RFC 7009 §2.2.1 words errors as RFC 6749 §5.2 does; a 400 is the bare code.
function writeRevocationError(problem: Problem): JsonObject {
  return problem.status === 400 ? { error: 'invalid_request' } : writeOAuthError(problem)
}
