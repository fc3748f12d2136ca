import { compareBy, filterBy, placeOf } from '@tessera/core'
import type { Place, TokenPage, TokenQuery, TokenRecord, TokenWindow } from '@tessera/core'
import type { Session } from './session.ts'
import { walkRows } from './walk-rows.ts'
import type { RowStart } from './walk-rows.ts'

type Range = Extract<TokenWindow, { offset: number }>
type Following = Extract<TokenWindow, { after: Place | null }>

const FIRST: RowStart = { position: 0 }
const EVERY = Number.POSITIVE_INFINITY

/**
 * By creation, a list costs its page, and where it is filtered what it takes to fill that. What needs all of the owner's
 * tokens, a total of those that pass or another order, reads them once, in steps, and holds those that may be wanted.
 */
export function listTokens(session: Session, query: TokenQuery): Promise<TokenPage> {
  const { statuses, name, sort, window } = query
  if (window === 'all' || sort.by !== 'createdAt') return sortedPage(session, query)
  if (statuses === null && name === null) return plainPage(session, query, window)
  return 'offset' in window ? countedPage(session, query, window) : filledPage(session, query, window)
}

async function plainPage(session: Session, { owner, sort }: TokenQuery, window: Range | Following): Promise<TokenPage> {
  const records: TokenRecord[] = []
  let total: number | null = null
  let next: Place | null = null
  const range = { start: startOf(window), limit: window.limit, direction: sort.direction }
  for await (const rows of walkRows(session, owner, range)) {
    records.push(...rows.records)
    total ??= rows.total
    next = rows.next
  }
  return 'offset' in window ? { records, total, next: null } : { records, total: null, next }
}

/** Reads on until the page is full and it is known whether another row follows. */
async function filledPage(session: Session, query: TokenQuery, window: Following): Promise<TokenPage> {
  const rows: TokenRecord[] = []
  for await (const records of passingRows(session, query, startOf(window))) {
    rows.push(...records)
    if (rows.length > window.limit) break
  }
  return pageFrom(rows, query, window.limit)
}

async function countedPage(session: Session, query: TokenQuery, { offset, limit }: Range): Promise<TokenPage> {
  const page: TokenRecord[] = []
  let total = 0
  for await (const records of passingRows(session, query, FIRST)) {
    const start = Math.max(0, offset - total)
    page.push(...records.slice(start, start + limit - page.length))
    total += records.length
  }
  return { records: page, total, next: null }
}

async function sortedPage(session: Session, query: TokenQuery): Promise<TokenPage> {
  const { sort, window, owner } = query
  const passes = filterBy(query)
  const compare = compareBy(sort, query.now)
  const rows: TokenRecord[] = []
  for await (const { records } of walkRows(session, owner, { start: FIRST, limit: EVERY, direction: 'asc' })) {
    rows.push(...records.filter(passes))
  }
  rows.sort(compare)
  if (window === 'all') return { records: rows, total: null, next: null }
  if ('offset' in window) {
    return { records: rows.slice(window.offset, window.offset + window.limit), total: rows.length, next: null }
  }
  const { after, limit } = window
  return pageFrom(after === null ? rows : rows.filter((record) => compare(record, after) > 0), query, limit)
}

/** By creation, in the query's direction. */
async function* passingRows(
  session: Session,
  query: TokenQuery,
  start: RowStart,
): AsyncGenerator<readonly TokenRecord[], void> {
  const passes = filterBy(query)
  const range = { start, limit: EVERY, direction: query.sort.direction }
  for await (const { records } of walkRows(session, query.owner, range)) yield records.filter(passes)
}

function startOf(window: Range | Following): RowStart {
  if ('offset' in window) return { position: window.offset }
  return window.after ?? FIRST
}

/** The first of the rows that follow, and where to go on when there are more. */
function pageFrom(following: readonly TokenRecord[], { sort, now }: TokenQuery, limit: number): TokenPage {
  const records = following.slice(0, limit)
  const last = following.length > records.length ? records.at(-1) : undefined
  return { records, total: null, next: last === undefined ? null : placeOf(last, sort, now) }
}
