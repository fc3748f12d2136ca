import type { Issued, Replayed, Rotated } from '@tessera/core'
import { jsonResponse, replayHeaders } from '../message/message.ts'
import type { HttpResponse } from '../message/message.ts'
import type { Operation } from './operation.ts'

/**
 * The way out for a client that never got the secret. A structured field: the token `unavailable` with a text.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9651#section-3.3
 */
const WITHOUT_SECRET: HttpResponse['headers'] = {
  'Tessera-Secret': 'unavailable;help="rotate the token by its id, or revoke it and ask again under another key"',
}

/**
 * 201 with the record of a new token, and with its secret if there is one. Else a header says what to do without it. Of a
 * known mount point, `Location` leads to the token (RFC 9110 §10.2.2).
 */
export function issuedResponse(
  { token, secret, replayed }: Issued | Replayed | Rotated,
  { dialect: { writeToken }, request: { mount }, facts }: Pick<Operation, 'dialect' | 'request' | 'facts'>,
): HttpResponse {
  const body = writeToken(token, facts)
  const location = mount === undefined ? {} : { Location: `${mount}/${encodeURIComponent(token.id)}` }
  const headers = { ...location, ...replayHeaders(replayed) }
  if (secret === null) return jsonResponse(201, body, { ...headers, ...WITHOUT_SECRET })
  return jsonResponse(201, { ...body, secret }, headers)
}
