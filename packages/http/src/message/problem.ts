import { BrandedError } from '@tessera/core'
import type { TokenErrorDetails } from '@tessera/core'

const STATUS = {
  invalid_request: 400, // the request as a whole cannot be read: two credentials, bad JSON
  invalid_parameter: 400,
  missing_parameter: 400,
  malformed_reference: 400, // a parameter that names something has not the shape of such a name
  unauthenticated: 401,
  invalid_token: 401,
  insufficient_scope: 403,
  forbidden: 403,
  not_found: 404,
  malformed_id: 404, // not found either: the id in the path has not the shape of one
  method_not_allowed: 405,
  active_limit_reached: 409,
  idempotency_conflict: 409,
  invalid_transition: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  idempotency_limit_reached: 429,
  internal: 500, // a fault in the program, for apps that word it too
  unavailable: 503,
} as const

export type ProblemCode = keyof typeof STATUS

/** What a client may read of the reason, by its names on the wire. */
export interface ProblemFacts extends Omit<TokenErrorDetails, 'right' | 'reason'> {
  /** The requested id, if it has the shape of one and may be repeated. */
  readonly tokenId?: string
  /** Each wrong name in a request, in dialects that repeat such. */
  readonly errors?: readonly Fault[]
}

/** One fault of a request: the name of a parameter or a field, and what would be right. */
export interface Fault {
  readonly parameter: string
  readonly detail: string
}

/** The reason for a refusal, before a dialect words it. It holds only facts fit for the client. */
export class Problem extends BrandedError {
  static override readonly brand: symbol = Symbol.for('tessera.Problem')
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly status: number
  readonly facts: ProblemFacts
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ProblemCode,
    message: string,
    { facts = {}, headers = {} }: { facts?: ProblemFacts; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message)
    this.code = code
    this.status = STATUS[code]
    this.facts = facts
    this.headers = headers
  }
}

/** A wrong parameter or field. `right` completes the sentence "`parameter` must be …". */
export function invalidParameter(parameter: string, right: string): Problem {
  return new Problem('invalid_parameter', `${parameter} must be ${right}`, { facts: { parameter } })
}

/** The store did not answer or did not confirm: the client has to ask again, and must not take it for a refusal. */
export function unavailable(): Problem {
  return new Problem('unavailable', 'The service cannot answer now. Try again.', { headers: { 'Retry-After': '1' } })
}

/** The same answer for an unknown id and for another owner's. */
export function tokenNotFound(tokenId?: string): Problem {
  return new Problem('not_found', 'There is no such token.', { facts: tokenId === undefined ? {} : { tokenId } })
}
