import type { Tokens } from '@tessera/core'
import { jsonResponse } from '../message/message.ts'
import type { Handler } from '../message/message.ts'
import { tokenNotFound } from '../message/problem.ts'
import { operation } from './operation.ts'
import type { HandlerOptions } from './operation.ts'
import { requireId } from './request/token-path.ts'

/** `GET /{id}`: one of the caller's tokens. `GET /self`: the calling token. */
export function getHandler(tokens: Tokens, options: HandlerOptions = {}): Handler {
  return operation('read', tokens, options, async ({ dialect, request, caller, facts }) => {
    const id = requireId(request.path, tokens, caller)
    const token = await tokens.get(caller.owner, id)
    if (token === null) throw tokenNotFound(id)
    return jsonResponse(200, dialect.writeToken(token, facts))
  })
}
