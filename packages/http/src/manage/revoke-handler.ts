import type { Tokens } from '@tessera/core'
import type { Handler } from '../message/message.ts'
import { changeHandler } from './change-handler.ts'
import type { HandlerOptions } from './operation.ts'

/** `DELETE /{id}`: revokes one of the caller's tokens, or the token of the request itself. */
export function revokeHandler(tokens: Tokens, options: HandlerOptions): Handler {
  return changeHandler(tokens, options, ({ caller, id, command }) => tokens.revoke(caller.owner, id, command))
}
