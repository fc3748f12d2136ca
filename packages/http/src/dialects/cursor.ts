import type { Token } from '@tessera/core'
import type { Dialect } from '../dialect.ts'
import { inSeconds } from '../instant.ts'
import { readInteger, readText } from '../parameters.ts'
import { Problem, invalidParameter } from '../problem.ts'
import { SNAKE_CODES } from './snake-codes.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Pages that follow the last row seen, oldest first, in snake_case and without revoked tokens: `?cursor=<uuid>&limit=50`
 * → `{ items: […], next_cursor }`. Errors are `{ error: { code, message, details: [{ field, code, message }] } }`. Needs
 * UUIDs as token ids, and the organization's as owner under `:orgID` in the path.
 */
export const cursor: Dialect = {
  readList: (query) => ({
    statuses: ['active', 'suspended', 'expired'],
    name: null,
    sort: { by: 'createdAt', direction: 'asc' },
    window: { after: readCursor(query), limit: readInteger(query, 'limit', { from: 1, to: 100, default: 50 }) },
  }),
  writePage: ({ tokens, next }) => ({ items: tokens.map(writeItem), next_cursor: next }),
  writeToken: (token) => ({ item: writeItem(token) }),
  writeError({ code, message, facts }) {
    const details = facts.parameter === undefined ? [] : [{ field: facts.parameter, code: SNAKE_CODES[code], message }]
    return { error: { code: SNAKE_CODES[code], message, details } }
  },
  expiryField: 'expires_at',
  overlapField: 'overlap_seconds',
  checkOwner({ params }, owner) {
    const { orgID } = params
    if (typeof orgID !== 'string' || !UUID.test(orgID)) throw invalidParameter('orgID', 'a UUID')
    if (orgID.toLowerCase() !== owner.toLowerCase()) throw new Problem('not_found', 'There is no such organization.')
  },
}

function readCursor(query: URLSearchParams): string | null {
  const text = readText(query, 'cursor')
  if (text === undefined) return null
  if (!UUID.test(text)) throw invalidParameter('cursor', 'the next_cursor of an earlier page')
  return text.toLowerCase()
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
