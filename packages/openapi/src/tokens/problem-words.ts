import { Problem } from '@tessera/http'
import type { Dialect, DialectDescription, ProblemCode, Schema } from '@tessera/http'

/** The meaning of each problem, for the descriptions of answers. */
export const meanings: Readonly<Record<ProblemCode, string>> = {
  invalid_request:
    'the request as a whole cannot be read, e.g. it has two credentials, or a body that is no JSON object',
  invalid_parameter: 'a parameter or field is wrong or unknown',
  missing_parameter: 'a field is missing',
  malformed_reference: 'a parameter has not the shape of what it names',
  unauthenticated: 'there is no credential',
  invalid_token: 'the token is unknown, revoked, expired or suspended, or may not be used from this address',
  insufficient_scope: 'the caller lacks a scope that it needs or wants to grant',
  forbidden: 'the caller may not do this',
  not_found: "there is no such thing, or it is not of the caller's owner",
  malformed_id: 'the id in the path has not the shape of one',
  method_not_allowed: 'the method is none of those of the path',
  active_limit_reached: 'the owner has as many active tokens as it may',
  idempotency_conflict: 'the idempotency key was used with another request',
  invalid_transition: 'the status of the token does not allow the change',
  payload_too_large: 'the body is larger than 100 kB',
  unsupported_media_type: 'the body has another media type or coding',
  idempotency_limit_reached: 'the owner has used as many idempotency keys of the last 24 hours as it may',
  internal: 'something went wrong on this side',
  unavailable: 'the service cannot answer now; the change may have been made or not, so repeat it under its key',
}

export function statusOf(code: ProblemCode): number {
  return new Problem(code, '').status
}

/**
 * The word of a dialect for a problem.
 *
 * @throws TypeError if there is none at the place that the description names
 */
export function wordOf(
  code: ProblemCode,
  { writeError }: Pick<Dialect, 'writeError'>,
  { errorCode }: Pick<DialectDescription, 'errorCode'>,
): string {
  const body: unknown = writeError(new Problem(code, meanings[code]))
  const word = errorCode.reduce((at: unknown, name) => Reflect.get(Object(at), name), body)
  if (typeof word === 'string') return word
  throw new TypeError(`openApi: dialect.describe: "errorCode" must lead to the code of an error, got ${typeof word}`)
}

/** The bodies of errors with one of these words. */
export function errorSchema(words: readonly string[], errorCode: readonly string[]): Schema {
  const narrowed = errorCode.reduceRight<Schema>((inner, name) => ({ type: 'object', properties: { [name]: inner } }), {
    enum: words,
  })
  return { allOf: [{ $ref: '#/components/schemas/Error' }, narrowed] }
}
