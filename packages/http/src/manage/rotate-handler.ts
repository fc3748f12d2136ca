import { areWithin } from '@tessera/core'
import type { Issued, Replayed, Rotated, Token, Tokens } from '@tessera/core'
import { challenge } from '../bearer/challenge.ts'
import type { Handler } from '../message/message.ts'
import { Problem, tokenNotFound } from '../message/problem.ts'
import { readOptionalJson } from '../message/read-body.ts'
import { issuedResponse } from './issued-response.ts'
import type { HandlerOptions } from './operation.ts'
import { ownSecret } from './own-secret.ts'
import { readOverlap } from './request/read-overlap.ts'
import { tokenOperation } from './token-operation.ts'
import type { TokenOperation } from './token-operation.ts'

/**
 * `POST /{id}/rotate`: replaces one of the caller's tokens by a successor. The answer is that of issue. The body may
 * say how many seconds the old token stays accepted.
 *
 * - A token that rotates itself, with its secret in the `Authorization` header, gets the same new secret again as long
 *   as the old one is accepted. So the answer may be lost.
 * - Of another token, a caller gets the successor only if that has no more scopes and networks than the caller, and ends no
 *   later.
 */
export function rotateHandler(tokens: Tokens, options: HandlerOptions): Handler {
  return tokenOperation(tokens, options, async (operation) => {
    const overlapMs = readOverlap(await readOptionalJson(operation.request), operation.dialect)
    const rotated = (await rotateItself(operation, overlapMs)) ?? (await rotateOther(operation, overlapMs))
    return issuedResponse(rotated, operation.dialect)
  })
}

/** `null` if the request does not carry the secret of its own subject. */
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

/** A secret gives everything its token may do. So its receiver must be allowed as much already. */
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
