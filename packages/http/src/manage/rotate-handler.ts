import type { Issued, Replayed, Rotated, Tokens } from '@tessera/core'
import type { Handler } from '../message/message.ts'
import { readOptionalJson } from '../message/read-body.ts'
import { issuedResponse } from './issued-response.ts'
import type { HandlerOptions } from './operation.ts'
import { ownSecret, sealingSecret } from './request/own-secret.ts'
import { readRotation } from './request/read-rotation.ts'
import type { RotationFields } from './request/read-rotation.ts'
import { tokenOperation } from './token-operation.ts'
import type { TokenOperation } from './token-operation.ts'

/**
 * `POST /{id}/rotate`: replaces one of the caller's tokens by a successor. The answer is that of issue. The body may
 * say how many seconds the old token stays accepted, and when the successor expires.
 *
 * - A token that rotates itself, with its secret in the `Authorization` header, gets the same new secret again as long
 *   as the old one is accepted. So the answer may be lost.
 * - Of another token, a caller gets the successor only if that has no more scopes and networks than the caller, and ends no
 *   later.
 */
export function rotateHandler(tokens: Tokens, options: HandlerOptions = {}): Handler {
  return tokenOperation(tokens, options, async (operation) => {
    const fields = readRotation(await readOptionalJson(operation.request), operation.dialect)
    const rotated = (await rotateBySecret(operation, fields)) ?? (await rotateById(operation, fields))
    return issuedResponse(rotated, operation)
  })
}

/** `null` if the request does not carry the secret of its own subject. */
async function rotateBySecret(operation: TokenOperation, fields: RotationFields): Promise<Rotated | Replayed | null> {
  const secret = await ownSecret(operation)
  return secret === null ? null : operation.tokens.rotateSecret(secret, { ...operation.command, ...fields })
}

/**
 * A secret gives everything its token may do. So its receiver must be allowed as much already. A token that rotates itself
 * keeps its time, uses and all: its end of today, or that of its overlap, is no ceiling.
 */
async function rotateById(operation: TokenOperation, fields: RotationFields): Promise<Issued | Replayed> {
  const { tokens, caller, id, command } = operation
  const isItself = caller.id === id && (caller.credentialEndsAt ?? null) === null
  const expiryCeiling = isItself ? null : operation.expiryCeiling
  const ceilings = { scopeCeiling: caller.scopes, networkCeiling: caller.networks, expiryCeiling }
  const sealUnder = await sealingSecret(operation, command.idempotencyKey)
  const { createdBy } = caller
  return tokens.rotate(caller.owner, id, { ...command, ...ceilings, ...fields, createdBy, sealUnder })
}
