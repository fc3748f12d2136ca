import type { Tokens } from '@tessera/core'
import { changeHandler } from './change-handler.ts'
import type { Handler } from './message.ts'
import type { HandlerOptions } from './operation.ts'

/** `DELETE /{id}`: revokes one of the caller's tokens, also the one that the request is made with. */
export function revokeHandler(tokens: Tokens, options: HandlerOptions): Handler {
  return changeHandler(tokens, options, ({ caller, id, command }) => tokens.revoke(caller.owner, id, command))
}
