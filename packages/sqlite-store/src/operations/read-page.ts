import { fillPage, isFiltered, pageOf } from '@tessera/core'
import type { TokenPage, TokenQuery } from '@tessera/core'
import { oneOf } from '../connection/database.ts'
import type { Statements } from '../connection/database.ts'
import { COLUMNS, recordIn } from '../rows/record-row.ts'
import type { RecordRow } from '../rows/record-row.ts'
import { walkByCreation } from '../rows/walk-rows.ts'

/**
 * The requested part of an owner's list. By creation, a page without a filter reads only its own rows, and one after a row
 * reads on until it is full or has looked at enough rows. Any other reads the owner's tokens once.
 */
export function readPage(sql: Statements, query: TokenQuery): TokenPage {
  const { sort, window } = query
  if (sort.by === 'createdAt' && window !== 'all') {
    if ('after' in window) {
      const filling = fillPage(query, window)
      for (const record of walkByCreation(sql, query, filling.start)) if (!filling.take(record)) break
      return filling.page()
    }
    if (!isFiltered(query)) return pageByOffset(sql, query, window)
  }
  const among = `owner = ? and prefix ${oneOf(query.prefixes)}`
  const rows = sql.all<RecordRow>(`select ${COLUMNS} from {tokens} where ${among}`, query.owner, ...query.prefixes)
  return pageOf(rows.map(recordIn), query)
}

function pageByOffset(
  sql: Statements,
  { owner, prefixes, sort: { direction } }: TokenQuery,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): TokenPage {
  const among = `{tokens} where owner = ? and prefix ${oneOf(prefixes)}`
  const order = `created_at ${direction}, id ${direction}`
  // The rows before the page are passed over in the index alone.
  const page = `select ${COLUMNS} from {tokens} where rowid in (select rowid from ${among} order by ${order} limit ? offset ?)`
  const rows = sql.all<RecordRow>(`${page} order by ${order}`, owner, ...prefixes, limit, offset)
  const counted = sql.get<{ count: number }>(`select count(*) as count from ${among}`, owner, ...prefixes)
  return { records: rows.map(recordIn), total: counted?.count ?? 0, next: null }
}
