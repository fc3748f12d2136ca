import { readBearer } from '../bearer/read-bearer.ts'
import type { HttpHeaders } from '../message/message.ts'
import { Problem } from '../message/problem.ts'
import { requireParameter } from '../message/read-form.ts'
import type { Form } from '../message/read-form.ts'

/** The credentials of an OAuth client, by the names of the methods in metadata. */
export type ClientCredentials =
  | {
      readonly method: 'client_secret_basic' | 'client_secret_post'
      readonly id: string
      readonly secret: string
    }
  | { readonly method: 'Bearer'; readonly secret: string }

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i

/**
 * Reads the one credential of a client:
 *
 * - `Authorization: Basic`, with id and secret each form-encoded;
 * - `Authorization: Bearer`;
 * - the form fields `client_id` and `client_secret`.
 *
 * @returns `null` if there is none, or none that can be read.
 * @throws Problem `invalid_request` for more than one
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
export function readClientCredentials(headers: HttpHeaders, form: Form): ClientCredentials | null {
  const authorizations = headers.authorization ?? []
  const isPosted = form('client_secret').length > 0
  if (authorizations.length + (isPosted ? 1 : 0) > 1) {
    throw new Problem('invalid_request', 'The request carries more than one credential.')
  }
  if (isPosted) {
    const [id, secret] = [requireParameter(form, 'client_id'), requireParameter(form, 'client_secret')]
    return { method: 'client_secret_post', id, secret }
  }
  const bearer = readBearer(headers)
  if (bearer.ok && bearer.secret !== undefined) return { method: 'Bearer', secret: bearer.secret }
  return readBasic(authorizations[0] ?? '')
}

function readBasic(authorization: string): ClientCredentials | null {
  const [, encoded] = BASIC.exec(authorization) ?? []
  const pair = encoded === undefined ? null : decodeUtf8(Buffer.from(encoded, 'base64'))
  const colon = pair?.indexOf(':') ?? -1
  if (pair === null || colon === -1) return null
  const [id, secret] = [decodeComponent(pair.slice(0, colon)), decodeComponent(pair.slice(colon + 1))]
  return id && secret ? { method: 'client_secret_basic', id, secret } : null
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

function decodeComponent(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '))
  } catch {
    return null
  }
}
