import type { Problem, ProblemCode } from '../message/problem.ts'
import type { JsonObject } from '../message/read-body.ts'

/**
 * The words of the OAuth RFCs, for answers of no dialect: `{ error, error_description }`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export function writeOAuthError({ code, message }: Problem): JsonObject {
  return { error: CODES.get(code) ?? 'invalid_request', error_description: message }
}

const CODES: ReadonlyMap<ProblemCode, string> = new Map([
  ['unauthenticated', 'unauthorized'],
  ['invalid_token', 'invalid_token'],
  ['insufficient_scope', 'insufficient_scope'],
  ['forbidden', 'access_denied'],
  ['internal', 'server_error'],
  ['unavailable', 'temporarily_unavailable'],
])
