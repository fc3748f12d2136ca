import { isStorable } from '@tessera/core'
import type { TokenRecord, TokenStore } from '@tessera/core'
import type { Statement, Value } from '../driver/database.ts'
import { recordIn } from '../rows/token-row.ts'
import type { ShownRow } from '../rows/token-row.ts'
import type { Session, Statements } from '../session/session.ts'

type Finders = Pick<TokenStore, 'findByDigest' | 'find' | 'findById'>

/** Each reads one row by one prepared statement. */
export function createFinders({ define, operate }: Session): Finders {
  const findWhere = (condition: string) =>
    define(
      `select json_build_array({server_v1}(), (select {row_v1}(t) from {tokens} t where ${condition} limit 1))::text`,
    )
  const byDigest = findWhere('t.digest = $1::text')
  const byDigests = findWhere('t.digest = any($1::text[])')
  const byOwner = findWhere('t.owner = $1::text and t.id = $2::text')
  const byId = findWhere('t.id = $1::text')

  async function find(sql: Statements, statement: Statement, values: readonly Value[]): Promise<TokenRecord | null> {
    if (!values.flat().every((value) => isStorable(String(value)))) return null
    const [, row] = await sql.read(statement, values)
    return row === null ? null : recordIn(row as ShownRow)
  }

  return {
    findByDigest(digests) {
      const [only, another] = digests
      return operate('find a token by its digest', (sql) =>
        only !== undefined && another === undefined ? find(sql, byDigest, [only]) : find(sql, byDigests, [digests]),
      )
    },
    find: (owner, id) => operate('find a token', (sql) => find(sql, byOwner, [owner, id])),
    findById: (id) => operate('find a token by its id', (sql) => find(sql, byId, [id])),
  }
}
