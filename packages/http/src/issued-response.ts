import type { Issued, Replayed, Rotated } from '@tessera/core'
import type { Dialect } from './dialect.ts'
import { jsonResponse, replayHeaders } from './message.ts'
import type { HttpResponse } from './message.ts'

/** 201 with the record of a new token and its secret beside it, where that may be told. */
export function issuedResponse(
  { token, secret, replayed }: Issued | Replayed | Rotated,
  { writeToken }: Pick<Dialect, 'writeToken'>,
): HttpResponse {
  const body = writeToken(token)
  return jsonResponse(201, secret === null ? body : { ...body, secret }, replayHeaders(replayed))
}
