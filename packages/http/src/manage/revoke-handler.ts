import type { Tokens } from '@tessera/core'
import type { Handler } from '../message/message.ts'
import { changeHandler } from './change-handler.ts'
import type { HandlerOptions } from './operation.ts'
import { ownSecret } from './request/own-secret.ts'

/**
 * `DELETE /{id}`: revokes one of the caller's tokens, or the token of the request itself. With its secret in the
 * `Authorization` header, the successors that nobody has used end with it.
 */
export function revokeHandler(tokens: Tokens, options: HandlerOptions = {}): Handler {
  return changeHandler(tokens, options, async (operation) => {
    const { caller, id, command } = operation
    const secret = await ownSecret(operation)
    const revoked = secret === null ? null : await tokens.revokeSecret(secret, command)
    return revoked ?? tokens.revoke(caller.owner, id, command)
  })
}
