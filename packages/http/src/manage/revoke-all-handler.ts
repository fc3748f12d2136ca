import type { Tokens } from '@tessera/core'
import { jsonResponse, replayHeaders } from '../message/message.ts'
import type { Handler } from '../message/message.ts'
import { readIdempotencyKey } from '../message/parameters.ts'
import { readJson } from '../message/read-body.ts'
import { dialectOf, operation } from './operation.ts'
import type { HandlerOptions } from './operation.ts'
import { readRevokeAll } from './request/read-revoke-all.ts'
import { inRequestWords } from './wire-words.ts'

/**
 * `POST /revoke-all`: revokes those of the caller's tokens that meet all filters of the body. One must be there. It has a
 * scope of its own. In dialects with words for it.
 */
export function revokeAllHandler(tokens: Tokens, options: HandlerOptions = {}): Handler {
  const { writeRevokedAll } = dialectOf(options)
  if (writeRevokedAll === undefined) throw new TypeError('revokeAllHandler: the dialect has no writeRevokedAll')
  return operation('revokeAll', tokens, options, async ({ dialect, request, caller, actor, facts }) => {
    const idempotencyKey = readIdempotencyKey(request, dialect.idempotencyParameter)
    const fields = readRevokeAll(await readJson(request), dialect, facts.callerId)
    const command = { idempotencyKey, by: caller.createdBy, actor, context: request.context }
    const revoked = await tokens.revokeAll(caller.owner, { ...fields, ...command }).catch((error: unknown) => {
      throw inRequestWords(error, new Map(Object.keys(fields).map((name) => [name, name])))
    })
    return jsonResponse(200, writeRevokedAll(revoked), replayHeaders(revoked.replayed))
  })
}
