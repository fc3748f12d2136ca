import { areWithin } from '@tessera/core'
import type { Issued, Replayed, Rotated, Token, Tokens } from '@tessera/core'
import { challenge } from './challenge.ts'
import { issuedResponse } from './issued-response.ts'
import type { Handler } from './message.ts'
import type { HandlerOptions } from './operation.ts'
import { ownSecret } from './own-secret.ts'
import { Problem } from './problem.ts'
import { readOptionalJson } from './read-body.ts'
import { readOverlap } from './read-overlap.ts'
import { tokenOperation } from './token-operation.ts'
import type { TokenOperation } from './token-operation.ts'
import { tokenNotFound } from './token-path.ts'

/**
 * `POST /{id}/rotate`: gives one of the caller's tokens a successor, which is answered as a token that is issued. The body
 * may say how many seconds the old one is accepted beside it.
 *
 * A token that rotates itself, with its secret in the `Authorization` header, gets the same secret again while it is
 * accepted, so that an answer may be lost. Of another token a caller gets the successor only if it has no more scopes
 * and networks, and for no longer, than the caller.
 */
export function rotateHandler(tokens: Tokens, options: HandlerOptions): Handler {
  return tokenOperation(tokens, options, async (operation) => {
    const overlapMs = readOverlap(await readOptionalJson(operation.request), operation.dialect)
    const rotated = (await rotateItself(operation, overlapMs)) ?? (await rotateOther(operation, overlapMs))
    return issuedResponse(rotated, operation.dialect)
  })
}

/** `null` where the request is not made with the secret of the token that it is about. */
async function rotateItself(
  operation: TokenOperation,
  overlapMs: number | undefined,
): Promise<Rotated | Replayed | null> {
  const secret = await ownSecret(operation)
  return secret === null ? null : operation.tokens.rotateSecret(secret, { ...operation.command, overlapMs })
}

async function rotateOther(operation: TokenOperation, overlapMs: number | undefined): Promise<Issued | Replayed> {
  const { tokens, caller, id, command, expiryCeiling } = operation
  const options = { ...command, overlapMs }
  if (caller.scopes === null && (caller.networks ?? null) === null && expiryCeiling === null)
    return tokens.rotate(caller.owner, id, options)
  const token = await tokens.get(caller.owner, id)
  if (token === null) throw tokenNotFound(id)
  requireNoMore(token, operation)
  const rotated = await tokens.rotate(caller.owner, id, options)
  // Somebody may have added scopes since.
  requireNoMore(rotated.token, operation)
  return rotated
}

/** A secret is all that its token may do: whoever gets one must be allowed as much already. */
function requireNoMore(
  { scopes, networks, expiresAt }: Token,
  { tokens, request, caller, expiryCeiling }: TokenOperation,
): void {
  const missing = caller.scopes === null ? [] : tokens.missingScopes(caller.scopes, scopes)
  if (missing.length > 0) {
    throw challenge({ ok: false, reason: 'insufficient_scope' }, { ...request.challenge, scopes: missing })
  }
  if (!areWithin(networks, caller.networks ?? null)) {
    throw new Problem(
      'forbidden',
      'The token may be used from more networks than the one that the request is made with.',
    )
  }
  if (expiryCeiling === null || (expiresAt !== null && expiresAt <= expiryCeiling)) return
  throw new Problem('forbidden', 'The token expires after the one that the request is made with.')
}
