import type { Issued, Replayed, Rotated } from '@tessera/core'
import type { Dialect } from '../dialects/dialect.ts'
import { jsonResponse, replayHeaders } from '../message/message.ts'
import type { HttpResponse } from '../message/message.ts'

/** 201 with the record of a new token, and with its secret if there is one. */
export function issuedResponse(
  { token, secret, replayed }: Issued | Replayed | Rotated,
  { writeToken }: Pick<Dialect, 'writeToken'>,
): HttpResponse {
  const body = writeToken(token)
  return jsonResponse(201, secret === null ? body : { ...body, secret }, replayHeaders(replayed))
}
