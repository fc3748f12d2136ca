import { fillPage, filterBy, isFiltered, isStorable, pageOf } from '@tessera/core'
import type { TokenPage, TokenQuery, TokenRecord, TokenStore } from '@tessera/core'
import { recordIn } from '../rows/token-row.ts'
import type { ShownRow } from '../rows/token-row.ts'
import type { Session } from '../session/session.ts'
import { createWalk } from './walk-rows.ts'

const OPERATION = 'list tokens'
const FIRST_STEP = 250
const LARGE_STEP = 5_000

type Following = Exclude<TokenQuery['window'], 'all' | { readonly offset: number }>

/**
 * By creation, a page without a filter reads only its own rows, and one after a row reads on until it is full or has looked
 * at enough rows. Any other list reads the owner's tokens once, 5,000 in a statement. Of the filters, SQL knows the range of
 * creation alone, where a walk begins: the others ask for facts without an index.
 */
export function createList(session: Session): TokenStore['list'] {
  const walk = createWalk(session, OPERATION)
  const offsets = { asc: createOffsetPage(session, 'asc'), desc: createOffsetPage(session, 'desc') }

  async function filled(query: TokenQuery, window: Following): Promise<TokenPage> {
    const filling = fillPage(query, window)
    const size = isFiltered(query) ? FIRST_STEP : window.limit + 1
    for await (const step of walk(query, filling.start, size)) if (!step.every(filling.take)) break
    return filling.page()
  }

  async function everything(query: TokenQuery): Promise<TokenRecord[]> {
    const passes = filterBy(query)
    const records: TokenRecord[] = []
    for await (const step of walk(query, null, LARGE_STEP)) records.push(...step.filter(passes))
    return records
  }

  return async (query) => {
    const { owner, prefixes, sort, window } = query
    if (!isStorable(owner) || !prefixes.every(isStorable)) return pageOf([], query)
    if (sort.by === 'createdAt' && window !== 'all') {
      if ('after' in window) return filled(query, window)
      if (!isFiltered(query)) return offsets[sort.direction](query, window)
    }
    return pageOf(await everything(query), query)
  }
}

/** The rows before the page are passed over in the index alone. */
function createOffsetPage({ define, operate }: Session, direction: 'asc' | 'desc') {
  const ordered = (row: string) => `${row}.created_at ${direction}, ${row}.id ${direction}`
  const pageWith = (ids: string) =>
    define(`
      select json_build_array(
        {server_v1}(),
        (select coalesce(sum(c.total), 0) from {totals} c where c.owner = $1::text and c.prefix = any($2::text[])),
        (
          select json_agg({row_v1}(f.token) order by f.created_at ${direction}, f.id ${direction})
          from (${ids}) i cross join lateral (
            select t as token, t.created_at, t.id from {tokens} t where t.owner = $1::text and t.id = i.id limit 1
          ) f
        )
      )::text`)
  const keys = (prefix: string, limit: string) => `
    select k.created_at, k.id from {tokens} k where k.owner = $1::text and k.prefix = ${prefix}
    order by ${ordered('k')} limit ${limit}`
  const ofOne = pageWith(`select k.id from (${keys('($2::text[])[1]', '$3::bigint offset $4::bigint')}) k`)
  const ofSeveral = pageWith(`
    select k.id
    from unnest($2::text[]) p(prefix) cross join lateral (${keys('p.prefix', '$3::bigint + $4::bigint')}) k
    order by ${ordered('k')} limit $3::bigint offset $4::bigint`)

  return ({ owner, prefixes }: TokenQuery, { limit, offset }: { readonly limit: number; readonly offset: number }) =>
    operate(OPERATION, async (sql): Promise<TokenPage> => {
      const values = [owner, prefixes, limit, offset]
      const answer = await sql.read(prefixes.length === 1 ? ofOne : ofSeveral, values)
      const [, total, rows] = answer as [string, number, readonly ShownRow[] | null]
      return { records: (rows ?? []).map(recordIn), total, next: null }
    })
}
