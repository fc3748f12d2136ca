import { compareBy, fillPage, filterBy, isFiltered, pageOf, placeOf } from '@tessera/core'
import type { Place, TokenPage, TokenQuery, TokenRecord, TokenWindow } from '@tessera/core'
import type { Session } from '../connection/session.ts'
import { atOneInstant, isLive } from './at-one-instant.ts'
import { walkRows } from './walk-rows.ts'
import type { RowStart } from './walk-rows.ts'

type Range = Extract<TokenWindow, { offset: number }>
type Following = Extract<TokenWindow, { after: Place | null }>

const FIRST: RowStart = { position: 0 }
const EVERY = Number.POSITIVE_INFINITY
const MOST_READ_AGAIN = 1_000

/**
 * Sorted by creation, a page of one prefix reads only its own rows. With a filter, and for several prefixes, it reads on
 * until the page is full, or has looked at enough rows. A total of such tokens, or any other order, reads all of the owner's tokens once, in steps.
 *
 * A list read in several steps shows as live the tokens live at one instant, see `atOneInstant`.
 */
export function listTokens(session: Session, query: TokenQuery): Promise<TokenPage> {
  const { sort, window, prefixes } = query
  if (window === 'all' || sort.by !== 'createdAt') return wholePage(session, query)
  const [only, another] = prefixes
  if (only !== undefined && another === undefined && !isFiltered(query)) return plainPage(session, query, only, window)
  return 'offset' in window ? wholePage(session, query) : filledPage(session, query, window)
}

async function plainPage(
  session: Session,
  query: TokenQuery,
  prefix: string,
  window: Range | Following,
): Promise<TokenPage> {
  const { owner, sort } = query
  const rows: TokenRecord[] = []
  let [steps, total] = [0, 0]
  let next: Place | null = null
  const range = { start: startOf(window), limit: window.limit, direction: sort.direction }
  for await (const step of walkRows(session, { owner, prefix }, range)) {
    rows.push(...step.records)
    if (steps === 0) total = step.total
    steps += 1
    next = step.next
  }
  const records = steps > 1 ? await atOneInstant(session, query, rows) : rows
  return 'offset' in window ? { records, total, next: null } : { records, total: null, next }
}

/**
 * Reads on until the page is full, or has looked at enough rows. Of the filters, Redis knows the range of creation alone,
 * where a walk begins: a record is one text, and its facts are read here.
 */
async function filledPage(session: Session, query: TokenQuery, window: Following): Promise<TokenPage> {
  const { owner, prefixes, sort, now } = query
  const rows: TokenRecord[] = []
  let [steps, isShort] = [0, false]
  const page = fillPage(query, window)
  const range = { start: page.start ?? FIRST, limit: EVERY, direction: sort.direction }
  for (const prefix of prefixes) {
    // No later row of this prefix can be on the page: it would be full without the other prefixes.
    const alone = fillPage(query, window)
    for await (const { records, hasGap } of walkRows(session, { owner, prefix }, range)) {
      steps += 1
      rows.push(...records)
      isShort ||= hasGap
      if (!records.every(alone.take)) break
    }
  }
  if (prefixes.length > 1) rows.sort(compareBy(sort, now))
  rows.every(page.take)
  const { records, next } = page.page()
  // An index lacks tokens: reading on from the last place fails.
  const last = isShort ? rows.at(-1) : undefined
  return {
    records: steps > 1 ? await atOneInstant(session, query, records) : records,
    total: null,
    next: next ?? (last === undefined ? null : placeOf(last, sort, now)),
  }
}

/**
 * Newest first, so a token found live later was live at the first step. Only a token issued by a clock behind may come
 * in at the back. So few live ones are read again; with several prefixes all of them are.
 */
async function wholePage(session: Session, query: TokenQuery): Promise<TokenPage> {
  const { owner, prefixes, now } = query
  const passes = filterBy(query)
  const found: TokenRecord[] = []
  let [steps, live] = [0, 0]
  for (const prefix of prefixes) {
    const range = { start: FIRST, limit: EVERY, direction: 'desc' } as const
    for await (const { records } of walkRows(session, { owner, prefix }, range)) {
      const passing = records.filter(passes)
      found.push(...passing)
      live += passing.filter((record) => isLive(record, now)).length
      steps += 1
    }
  }
  const isReadAgain = steps > 1 && (live <= MOST_READ_AGAIN || prefixes.length > 1)
  return pageOf(isReadAgain ? await atOneInstant(session, query, found) : found, query)
}

function startOf(window: Range | Following): RowStart {
  if ('offset' in window) return { position: window.offset }
  return window.after ?? FIRST
}
