import { TokenError } from '@tessera/core'
import type { Token, Tokens } from '@tessera/core'
import type { Caller } from './caller.ts'
import { jsonResponse } from './message.ts'
import type { Handler } from './message.ts'
import { operation } from './operation.ts'
import type { HandlerOptions } from './operation.ts'
import { requireId, tokenNotFound } from './token-path.ts'

/** `DELETE /{id}`: revokes one of the caller's tokens, also the one that the request is made with. */
export function revokeHandler(tokens: Tokens, options: HandlerOptions): Handler {
  return operation('write', tokens, options, async ({ dialect, request, caller }) => {
    const id = requireId(request.path, tokens)
    return jsonResponse(200, dialect.writeToken(await revoke(tokens, caller, id)))
  })
}

async function revoke(tokens: Tokens, { owner, createdBy }: Caller, id: string): Promise<Token> {
  try {
    return (await tokens.revoke(owner, id, { by: createdBy })).token
  } catch (error) {
    throw error instanceof TokenError && error.code === 'token_not_found' ? tokenNotFound(id) : error
  }
}
