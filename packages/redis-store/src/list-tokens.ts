import { compareBy, passes } from '@tessera/core'
import type { TokenPage, TokenQuery, TokenRecord } from '@tessera/core'
import { readRows } from './read-rows.ts'
import type { RowStart } from './read-rows.ts'
import type { Session } from './session.ts'

/** By creation and unfiltered, a list costs its page. Any other reads the owner's tokens once, in steps. */
export async function listTokens(session: Session, query: TokenQuery): Promise<TokenPage> {
  const { owner, statuses, name, sort, window } = query
  if (statuses !== null || name !== null || sort.by !== 'createdAt' || window === 'all') {
    const start = { position: 0 }
    const rows = await readRows(session, owner, { start, limit: Number.POSITIVE_INFINITY, direction: 'asc' })
    return pageOf(rows.records, query)
  }
  const range = { start: startOf(window), limit: window.limit, direction: sort.direction }
  const { records, total, more } = await readRows(session, owner, range)
  if ('offset' in window) return { records, total, next: null }
  return { records, total: null, next: more ? (records.at(-1)?.id ?? null) : null }
}

function startOf(window: Exclude<TokenQuery['window'], 'all'>): RowStart {
  if ('offset' in window) return { position: window.offset }
  return window.after === null ? { position: 0 } : { after: window.after }
}

/** The page that a query asks for, from all of the owner's records. */
function pageOf(all: readonly TokenRecord[], query: TokenQuery): TokenPage {
  const { sort, window } = query
  const compare = compareBy(sort, query.now)
  const rows = all.filter((record) => passes(record, query)).toSorted(compare)
  if (window === 'all') return { records: rows, total: null, next: null }
  if ('offset' in window) {
    return { records: rows.slice(window.offset, window.offset + window.limit), total: rows.length, next: null }
  }
  const following = window.after === null ? rows : rowsAfter(all, rows, window.after, compare)
  const records = following.slice(0, window.limit)
  return { records, total: null, next: following.length > records.length ? (records.at(-1)?.id ?? null) : null }
}

/** The rows behind the token with an id, which need not pass the filters itself. */
function rowsAfter(
  all: readonly TokenRecord[],
  rows: readonly TokenRecord[],
  id: string,
  compare: (a: TokenRecord, b: TokenRecord) => number,
): readonly TokenRecord[] {
  const last = all.find((record) => record.id === id)
  return last === undefined ? [] : rows.filter((record) => compare(record, last) > 0)
}
