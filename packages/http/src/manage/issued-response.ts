import type { Issued, Replayed, Rotated } from '@tessera/core'
import type { Dialect } from '../dialects/dialect.ts'
import { jsonResponse, replayHeaders } from '../message/message.ts'
import type { HttpResponse } from '../message/message.ts'

/**
 * The way out for a client that never got the secret. A structured field: the token `unavailable` with a text.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9651#section-3.3
 */
const WITHOUT_SECRET: HttpResponse['headers'] = {
  'Tessera-Secret': 'unavailable;help="rotate the token by its id, or revoke it and ask again under another key"',
}

/** 201 with the record of a new token, and with its secret if there is one. Else a header says what to do without it. */
export function issuedResponse(
  { token, secret, replayed }: Issued | Replayed | Rotated,
  { writeToken }: Pick<Dialect, 'writeToken'>,
): HttpResponse {
  const body = writeToken(token)
  const headers = replayHeaders(replayed)
  if (secret === null) return jsonResponse(201, body, { ...headers, ...WITHOUT_SECRET })
  return jsonResponse(201, { ...body, secret }, headers)
}
