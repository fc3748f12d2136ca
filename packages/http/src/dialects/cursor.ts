import type { Place, Token } from '@tessera/core'
import { inSeconds } from '../message/instant.ts'
import { readInteger, readText } from '../message/parameters.ts'
import { Problem, invalidParameter } from '../message/problem.ts'
import { cursorDescription } from './describe/describe-cursor.ts'
import type { Dialect } from './dialect.ts'
import { isUuid, placeOfUuid, uuidOfPlace } from './place-uuid.ts'
import { SNAKE_CODES } from './snake-codes.ts'

/** Behind every row. */
const END: Place = { value: Number.MAX_SAFE_INTEGER, id: 'ffffffff-ffff-4fff-bfff-ffffffffffff' }

/**
 * Pages by the last row seen, oldest first, in snake_case and without revoked tokens: `?cursor=<uuid>&limit=50` →
 * `{ items: […], next_cursor }`. A cursor holds the place of that row, see `uuidOfPlace`. It stays valid after the row
 * was pruned.
 *
 * - Errors are `{ error: { code, message, details: [{ field, code, message }] } }`.
 * - Token ids must be UUIDs.
 * - The owner is the organization's UUID, under `:orgID` in the path.
 */
export const cursor: Dialect = {
  readList: (query, owner) => ({
    statuses: ['active', 'suspended', 'expired'],
    name: null,
    sort: { by: 'createdAt', direction: 'asc' },
    window: { after: readCursor(query, owner), limit: readInteger(query, 'limit', { from: 1, to: 100, default: 50 }) },
  }),
  writePage: ({ tokens, next }, _request, owner) => ({
    items: tokens.map(writeItem),
    next_cursor: next && uuidOfPlace(next, owner),
  }),
  writeToken: (token) => ({ item: writeItem(token) }),
  writeError({ code, message, facts }) {
    const details = facts.parameter === undefined ? [] : [{ field: facts.parameter, code: SNAKE_CODES[code], message }]
    return { error: { code: SNAKE_CODES[code], message, details } }
  },
  expiryField: 'expires_at',
  overlapField: 'overlap_seconds',
  checkOwner({ params }, owner) {
    const { orgID } = params
    if (typeof orgID !== 'string' || !isUuid(orgID)) throw invalidParameter('orgID', 'a UUID')
    if (orgID.toLowerCase() !== owner.toLowerCase()) throw new Problem('not_found', 'There is no such organization.')
  },
  describe: cursorDescription,
}

/** An unknown cursor, or another organization's, selects nothing. */
function readCursor(query: URLSearchParams, owner: string): Place | null {
  const text = readText(query, 'cursor')
  if (text === undefined) return null
  if (!isUuid(text)) throw invalidParameter('cursor', 'the next_cursor of an earlier page')
  return placeOfUuid(text, owner) ?? END
}

function writeItem(token: Token): object {
  return {
    id: token.id,
    org_id: token.owner,
    name: token.name,
    prefix: token.preview.slice(0, token.preview.indexOf('*')),
    scopes: token.scopes,
    last_used_at: token.lastUsedAt && inSeconds(token.lastUsedAt),
    expires_at: token.expiresAt && inSeconds(token.expiresAt),
    created_at: inSeconds(token.createdAt),
  }
}
