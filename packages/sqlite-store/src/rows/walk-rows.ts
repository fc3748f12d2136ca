import type { Place, TokenQuery, TokenRecord } from '@tessera/core'
import { oneOf } from '../connection/database.ts'
import type { Statements } from '../connection/database.ts'
import { COLUMNS, recordIn } from './record-row.ts'
import type { RecordRow } from './record-row.ts'

const STEP = 250

/** An owner's tokens by creation, after a place, read as they are needed. */
export function* walkByCreation(
  sql: Statements,
  { owner, prefixes, sort: { direction } }: Pick<TokenQuery, 'owner' | 'prefixes' | 'sort'>,
  after: Place | null,
): Generator<TokenRecord> {
  const beyond = direction === 'asc' ? '>' : '<'
  const start = direction === 'asc' ? -1 : Number.MAX_SAFE_INTEGER
  const among = `owner = ? and prefix ${oneOf(prefixes)} and (created_at, id) ${beyond} (?, ?)`
  const following = `select ${COLUMNS} from {tokens} where ${among}`
  const step = `${following} order by created_at ${direction}, id ${direction} limit ${STEP}`
  let [createdAt, id] = after === null ? [start, ''] : [Number(after.value), after.id]
  for (;;) {
    const rows = sql.all<RecordRow>(step, owner, ...prefixes, createdAt, id)
    for (const row of rows) yield recordIn(row)
    const last = rows.at(-1)
    if (last === undefined || rows.length < STEP) return
    createdAt = last.created_at
    id = last.id
  }
}
