import { storedStatusOf, timeOrderedIds } from '@tessera/core'
import type { SortField, Token } from '@tessera/core'
import { inSeconds } from '../message/instant.ts'
import { readChoice, readInteger, readText } from '../message/parameters.ts'
import { Problem } from '../message/problem.ts'
import type { ProblemCode } from '../message/problem.ts'
import { offsetDescription } from './describe/describe-offset.ts'
import type { Dialect } from './dialect.ts'
import { writePagination } from './pagination.ts'

const FIELDS = {
  id: 'id',
  status: 'status',
  timestamp: 'createdAt',
  last_seen: 'lastUsedAt',
} as const satisfies Readonly<Record<string, SortField>>

const FIELD_NAMES = Object.keys(FIELDS) as readonly (keyof typeof FIELDS)[]

/**
 * Ranges by position, in snake_case: `?pagination[offset]=20&pagination[page_size]=10&sorting[field]=id` →
 * `{ status: 'success', pagination, sorting, summaries: […] }`. Errors are `{ status: 'error', code, message }`.
 */
export const offset: Dialect = {
  readList: (query) => ({
    statuses: null,
    name: null,
    sort: {
      by: FIELDS[readChoice(query, 'sorting[field]', FIELD_NAMES) ?? 'id'],
      direction: readChoice(query, 'sorting[direction]', ['asc', 'desc']) ?? 'asc',
    },
    window: {
      offset: readInteger(query, 'pagination[offset]', { from: 0, default: 0 }),
      limit: readInteger(query, 'pagination[page_size]', { from: 1, to: 100, default: 10 }),
    },
  }),
  writePage: ({ tokens, total }, { sort, window }) => ({
    status: 'success',
    pagination: writePagination(window, tokens.length, total ?? 0),
    sorting: { field: FIELD_NAMES.find((name) => FIELDS[name] === sort.by), direction: sort.direction },
    summaries: tokens.map(writeSummary),
  }),
  writeToken: (token) => ({ status: 'success', api_token: writeSummary(token) }),
  writeError: ({ code, message }) => ({ status: 'error', code: CODES[code], message }),
  expiryField: 'expires_at',
  overlapField: 'overlap_seconds',
  idempotencyParameter: 'idempotency_key',
  checkOwner({ query }, owner) {
    const account = readText(new URLSearchParams(query), 'account_id') ?? owner
    if (account === owner) return
    const facts = { parameter: 'account_id' }
    if (!timeOrderedIds.matches(account))
      throw new Problem('malformed_reference', 'account_id is not an account ID', { facts })
    throw new Problem('forbidden', 'account_id is not the account of the token', { facts })
  },
  describe: offsetDescription,
}

function writeSummary(token: Token): object {
  const environment = token.attributes.environmentId ?? null
  return {
    account_id: token.owner,
    created_by_admin_user_id: token.createdBy,
    environment_id: environment,
    expires_at: token.expiresAt && inSeconds(token.expiresAt),
    id: token.id,
    inserted_at: inSeconds(token.createdAt),
    last_used_at: token.lastUsedAt && inSeconds(token.lastUsedAt),
    status: storedStatusOf(token),
    token_scope: environment === null ? 'account' : 'environment',
    type: 'api_token',
    updated_at: inSeconds(token.updatedAt),
  }
}

const CODES: Readonly<Record<ProblemCode, string>> = {
  invalid_request: 'bad_request',
  invalid_parameter: 'invalid_value',
  missing_parameter: 'required_value',
  malformed_reference: 'unexpected_ref_type',
  unauthenticated: 'not_authenticated',
  invalid_token: 'bad_authtoken',
  insufficient_scope: 'not_permitted',
  forbidden: 'not_permitted',
  not_found: 'not_found',
  malformed_id: 'unexpected_ref_type',
  method_not_allowed: 'not_implemented',
  active_limit_reached: 'invalid_action',
  idempotency_conflict: 'idempotency_key_already_used',
  invalid_transition: 'invalid_action',
  payload_too_large: 'bad_request',
  unsupported_media_type: 'bad_request',
  idempotency_limit_reached: 'invalid_action',
  internal: 'unknown',
  unavailable: 'unexpected',
}
