import type { ProblemCode } from '../message/problem.ts'

/** The error codes of both `paged` and `cursor`. */
export const SNAKE_CODES: Readonly<Record<ProblemCode, string>> = {
  invalid_request: 'invalid_parameter',
  invalid_parameter: 'invalid_parameter',
  missing_parameter: 'invalid_parameter',
  malformed_reference: 'invalid_parameter',
  unauthenticated: 'unauthorized',
  invalid_token: 'unauthorized',
  insufficient_scope: 'insufficient_scope',
  forbidden: 'forbidden',
  not_found: 'not_found',
  malformed_id: 'not_found',
  method_not_allowed: 'method_not_allowed',
  active_limit_reached: 'token_limit_reached',
  idempotency_conflict: 'idempotency_conflict',
  invalid_transition: 'invalid_transition',
  payload_too_large: 'payload_too_large',
  unsupported_media_type: 'unsupported_media_type',
  idempotency_limit_reached: 'idempotency_limit_reached',
  internal: 'internal',
  unavailable: 'unavailable',
}
