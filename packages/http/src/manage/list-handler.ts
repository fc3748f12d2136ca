import type { Tokens } from '@tessera/core'
import { jsonResponse } from '../message/message.ts'
import type { Handler, HttpResponse } from '../message/message.ts'
import { dialectOf, operation } from './operation.ts'
import type { HandlerOptions, Operation } from './operation.ts'
import { inRequestWords } from './wire-words.ts'

/** `GET /`: the caller's tokens, as the dialect pages them. */
export function listHandler(tokens: Tokens, options: HandlerOptions = {}): Handler {
  const { listParameters } = dialectOf(options)
  const given = new Map(listParameters?.map((name) => [name, name]))
  return operation('read', tokens, options, answer, listParameters)

  async function answer({ dialect, request, caller, facts }: Operation): Promise<HttpResponse> {
    const { owner } = caller
    const listRequest = dialect.readList(new URLSearchParams(request.query), owner)
    const [list, usage] = await Promise.all([
      tokens.list(owner, listRequest),
      dialect.writeUsage === undefined ? null : tokens.usage(owner),
    ]).catch((error: unknown) => {
      throw inRequestWords(error, given)
    })
    return jsonResponse(200, dialect.writePage(list, listRequest, owner, { ...facts, usage }))
  }
}
