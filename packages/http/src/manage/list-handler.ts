import type { Tokens } from '@tessera/core'
import { jsonResponse } from '../message/message.ts'
import type { Handler } from '../message/message.ts'
import { operation } from './operation.ts'
import type { HandlerOptions } from './operation.ts'

/** `GET /`: the caller's tokens, as the dialect pages them. */
export function listHandler(tokens: Tokens, options: HandlerOptions): Handler {
  return operation('read', tokens, options, async ({ dialect, request, caller }) => {
    const { owner } = caller
    const listRequest = dialect.readList(new URLSearchParams(request.query), owner)
    const list = await tokens.list(owner, listRequest)
    return jsonResponse(200, dialect.writePage(list, listRequest, owner))
  })
}
