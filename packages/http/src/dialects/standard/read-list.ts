import type { Place, SortField, TokenStatus } from '@tessera/core'
import { readChoice, readInstant, readInteger, readText } from '../../message/parameters.ts'
import { invalidParameter } from '../../message/problem.ts'
import type { ListRequest } from '../dialect.ts'
import { readNext } from './next-page.ts'
import type { ListedTokens } from './next-page.ts'

const STATUSES: readonly TokenStatus[] = ['active', 'suspended', 'expired', 'revoked']
const SORTS = ['createdAt', 'lastUsedAt'] as const satisfies readonly SortField[]
const ORDERS = ['desc', 'asc'] as const

/** The query parameters of a list. */
export const listParameters: readonly string[] = [
  ...['status', 'name', 'createdBy', 'issuedBy', 'scope'],
  ...['createdAfter', 'createdBefore', 'usedAfter', 'unusedSince', 'expiresBefore'],
  ...['sort', 'order', 'limit', 'after'],
]

/**
 * Reads filters, order and page of a list. All filters must hold; without any, every token is listed, the newest first.
 *
 * @throws Problem `invalid_parameter`, with the parameter's name
 */
export function readList(query: URLSearchParams, owner: string): ListRequest {
  const listed: ListedTokens = {
    statuses: readStatuses(query),
    name: readText(query, 'name') || null,
    createdBy: readText(query, 'createdBy') ?? null,
    issuedBy: readText(query, 'issuedBy') ?? null,
    scope: readText(query, 'scope') ?? null,
    createdAfter: readInstant(query, 'createdAfter'),
    createdBefore: readInstant(query, 'createdBefore'),
    usedAfter: readInstant(query, 'usedAfter'),
    unusedSince: readInstant(query, 'unusedSince'),
    expiresBefore: readInstant(query, 'expiresBefore'),
    sort: {
      by: readChoice(query, 'sort', SORTS) ?? 'createdAt',
      direction: readChoice(query, 'order', ORDERS) ?? 'desc',
    },
  }
  const limit = readInteger(query, 'limit', { from: 1, to: 100, default: 50 })
  return { ...listed, window: { after: readAfter(query, listed, owner), limit } }
}

function readStatuses(query: URLSearchParams): readonly TokenStatus[] | null {
  const text = readText(query, 'status')
  if (text === undefined) return null
  const wanted = text.split(',', STATUSES.length + 1)
  const statuses = STATUSES.filter((status) => wanted.includes(status))
  // One that is given twice is a slip, too.
  if (statuses.length === wanted.length) return statuses
  throw invalidParameter('status', `one or more of ${STATUSES.join(', ')}, with a comma between`)
}

function readAfter(query: URLSearchParams, listed: ListedTokens, owner: string): Place | null {
  const text = readText(query, 'after')
  if (text === undefined) return null
  const place = readNext(text, listed, owner)
  if (place === null) throw invalidParameter('after', 'the next of an earlier page with the same filters and order')
  return place
}
