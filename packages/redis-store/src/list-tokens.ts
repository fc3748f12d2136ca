import { compareBy, filterBy } from '@tessera/core'
import type { TokenPage, TokenQuery, TokenRecord, TokenWindow } from '@tessera/core'
import type { Session } from './session.ts'
import { walkRows } from './walk-rows.ts'
import type { RowStart } from './walk-rows.ts'

type Range = Extract<TokenWindow, { offset: number }>
type Following = Extract<TokenWindow, { after: string | null }>

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
  let more = false
  const range = { start: startOf(window), limit: window.limit, direction: sort.direction }
  for await (const rows of walkRows(session, owner, range)) {
    records.push(...rows.records)
    total ??= rows.total
    more = rows.more
  }
  if ('offset' in window) return { records, total, next: null }
  return { records, total: null, next: more ? (records.at(-1)?.id ?? null) : null }
}

/** Reads on until the page is full and it is known whether another row follows. */
async function filledPage(session: Session, query: TokenQuery, window: Following): Promise<TokenPage> {
  const rows: TokenRecord[] = []
  for await (const records of passingRows(session, query, startOf(window))) {
    rows.push(...records)
    if (rows.length > window.limit) break
  }
  return pageFrom(rows, window.limit)
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
  const after = window === 'all' || 'offset' in window ? null : window.after
  const passes = filterBy(query)
  const compare = compareBy(sort, query.now)
  const rows: TokenRecord[] = []
  let last: TokenRecord | undefined
  for await (const { records } of walkRows(session, owner, { start: FIRST, limit: EVERY, direction: 'asc' })) {
    rows.push(...records.filter(passes))
    last ??= records.find(({ id }) => id === after)
  }
  rows.sort(compare)
  if (window === 'all') return { records: rows, total: null, next: null }
  if ('offset' in window) {
    return { records: rows.slice(window.offset, window.offset + window.limit), total: rows.length, next: null }
  }
  if (after === null) return pageFrom(rows, window.limit)
  // The row that the page follows need not pass the filters itself.
  return pageFrom(
    rows.filter((record) => last !== undefined && compare(record, last) > 0),
    window.limit,
  )
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
  return window.after === null ? FIRST : { after: window.after }
}

/** The first of the rows that follow, and where to go on when there are more. */
function pageFrom(following: readonly TokenRecord[], limit: number): TokenPage {
  const records = following.slice(0, limit)
  return { records, total: null, next: following.length > records.length ? (records.at(-1)?.id ?? null) : null }
}
