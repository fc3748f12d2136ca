import type { Token, TokenStatus } from '@tessera/core'
import { inSeconds } from '../message/instant.ts'
import { readChoice, readInteger, readText } from '../message/parameters.ts'
import { pagedDescription } from './describe/describe-paged.ts'
import type { Dialect } from './dialect.ts'
import { offsetWindow } from './pagination.ts'
import { SNAKE_CODES } from './snake-codes.ts'

const STATUSES: readonly TokenStatus[] = ['active', 'expired', 'revoked', 'suspended']

/**
 * Numbered pages, oldest first, in snake_case: `?page=2&per_page=25&status=active&name=ci` →
 * `{ data: […], meta: { page, per_page, total } }`. Errors are `{ error: { code, message, field } }`, with the wrong
 * field if there is one.
 */
export const paged: Dialect = {
  readList(query) {
    const page = readInteger(query, 'page', { from: 1, default: 1 })
    const limit = readInteger(query, 'per_page', { from: 1, to: 100, default: 25 })
    const status = readChoice(query, 'status', STATUSES)
    return {
      statuses: status === undefined ? null : [status],
      name: readText(query, 'name') || null,
      sort: { by: 'createdAt', direction: 'asc' },
      window: { offset: (page - 1) * limit, limit },
    }
  },
  writePage({ tokens, total }, { window }) {
    const { offset, limit } = offsetWindow(window)
    return { data: tokens.map(writeRecord), meta: { page: offset / limit + 1, per_page: limit, total } }
  },
  writeToken: (token) => ({ data: writeRecord(token) }),
  writeError: ({ code, message, facts }) => ({ error: { code: SNAKE_CODES[code], message, field: facts.parameter } }),
  expiryField: 'expires_at',
  overlapField: 'overlap_seconds',
  scopes: { read: ['tokens:read'], write: ['tokens:write'] },
  describe: pagedDescription,
}

function writeRecord(token: Token): object {
  return {
    id: token.id,
    name: token.name,
    scopes: token.scopes,
    status: token.status,
    created_at: inSeconds(token.createdAt),
    expires_at: token.expiresAt && inSeconds(token.expiresAt),
    last_used_at: token.lastUsedAt && inSeconds(token.lastUsedAt),
    created_by: token.createdBy,
  }
}
