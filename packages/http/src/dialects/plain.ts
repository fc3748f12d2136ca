import type { Token } from '@tessera/core'
import { withMilliseconds } from '../message/instant.ts'
import type { ProblemCode } from '../message/problem.ts'
import { plainDescription } from './describe/describe-plain.ts'
import type { Dialect } from './dialect.ts'

/**
 * Everything in one list, newest first, in camelCase: `{ tokens: […] }`. Errors are
 * `{ error: { code: 'NOT_FOUND', message, details } }`.
 */
export const plain: Dialect = {
  readList: () => ({ statuses: null, name: null, sort: { by: 'createdAt', direction: 'desc' }, window: 'all' }),
  writePage: (list) => ({ tokens: list.tokens.map(writeRecord) }),
  writeToken: (token) => ({ token: writeRecord(token) }),
  writeError: ({ code, message, facts }) => ({ error: { code: CODES[code], message, details: facts } }),
  expiryField: 'expiresAt',
  overlapField: 'overlapSeconds',
  describe: plainDescription,
}

function writeRecord(token: Token): object {
  return {
    id: token.id,
    name: token.name,
    preview: token.preview,
    scopes: token.scopes,
    status: token.status,
    organizationId: token.attributes.organizationId ?? null,
    createdAt: withMilliseconds(token.createdAt),
    lastUsedAt: token.lastUsedAt && withMilliseconds(token.lastUsedAt),
    expiresAt: token.expiresAt && withMilliseconds(token.expiresAt),
    revokedAt: token.revokedAt && withMilliseconds(token.revokedAt),
  }
}

const CODES: Readonly<Record<ProblemCode, string>> = {
  invalid_request: 'BAD_REQUEST',
  invalid_parameter: 'BAD_REQUEST',
  missing_parameter: 'BAD_REQUEST',
  malformed_reference: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  invalid_token: 'UNAUTHORIZED',
  insufficient_scope: 'FORBIDDEN',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  malformed_id: 'NOT_FOUND',
  method_not_allowed: 'METHOD_NOT_ALLOWED',
  active_limit_reached: 'TOKEN_LIMIT_REACHED',
  idempotency_conflict: 'IDEMPOTENCY_CONFLICT',
  invalid_transition: 'INVALID_TRANSITION',
  payload_too_large: 'PAYLOAD_TOO_LARGE',
  unsupported_media_type: 'UNSUPPORTED_MEDIA_TYPE',
  idempotency_limit_reached: 'IDEMPOTENCY_LIMIT_REACHED',
  internal: 'INTERNAL',
  unavailable: 'UNAVAILABLE',
}
