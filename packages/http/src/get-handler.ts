import type { Tokens } from '@tessera/core'
import { jsonResponse } from './message.ts'
import type { Handler } from './message.ts'
import { operation } from './operation.ts'
import type { HandlerOptions } from './operation.ts'
import { requireId, tokenNotFound } from './token-path.ts'

/** `GET /{id}`: one of the caller's tokens. */
export function getHandler(tokens: Tokens, options: HandlerOptions): Handler {
  return operation('read', tokens, options, async ({ dialect, request, caller }) => {
    const id = requireId(request.path, tokens)
    const token = await tokens.get(caller.owner, id)
    if (token === null) throw tokenNotFound(id)
    return jsonResponse(200, dialect.writeToken(token))
  })
}
