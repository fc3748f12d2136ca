import { recordWith, used } from '@tessera/core'
import type { TokenRecord, TokenUse } from '@tessera/core'
import type { Statements } from '../connection/database.ts'
import { changedIn, textOf } from '../rows/record-row.ts'
import { inSavepoint } from '../connection/savepoint.ts'
import type { TokenRows } from '../rows/token-rows.ts'

/** The row of a used token. The first number is that of the use, from 0. */
type UsedRow = readonly [
  number: number,
  rowid: number,
  digest: string,
  prefix: string,
  createdAt: number,
  facts: Partial<TokenRecord>,
]

interface Change {
  readonly former: TokenRecord
  readonly record: TokenRecord
}

// Many rows go in and out as one text: some drivers take longer for a row than the database does.
const READ = `
  select json_group_array(json_array(use.key, token.rowid, digest, prefix, created_at, json(record))) as found
  from json_each(?) as use
  cross join {tokens} as token on token.owner = use.value ->> 0 and token.id = use.value ->> 1`
const WRITE = `
  update {tokens} set record = later.value ->> 1
  from json_each(?) as later where {tokens}.rowid = later.value ->> 0`

/** Applies uses to their tokens, in order. One statement reads the tokens, and one writes those that stay where they are in all indexes. */
export function recordUsesIn(sql: Statements, rows: TokenRows, uses: readonly TokenUse[]): void {
  const changes = changesBy(uses, rowsOf(sql, uses))
  inSavepoint(sql, () => {
    const texts: [rowid: number, text: string][] = []
    for (const [rowid, { former, record }] of changes) {
      if (changedIn(former, record).length > 0) rows.put(record, former)
      else texts.push([rowid, textOf(record)])
    }
    if (texts.length > 0) sql.run(WRITE, JSON.stringify(texts))
  })
}

function rowsOf(sql: Statements, uses: readonly TokenUse[]): readonly UsedRow[] {
  const answer = sql.get<{ found: string }>(READ, JSON.stringify(uses.map(({ owner, id }) => [owner, id])))
  return answer === undefined ? [] : (JSON.parse(answer.found) as readonly UsedRow[]) // As the statement made it.
}

/** By the number of the row. */
function changesBy(uses: readonly TokenUse[], rows: readonly UsedRow[]): ReadonlyMap<number, Change> {
  const changes = new Map<number, Change>()
  for (const [number, rowid, digest, prefix, createdAt, facts] of rows) {
    const use = uses[number]
    if (use === undefined) continue
    const before = changes.get(rowid)
    const { owner, id } = use
    const record = before?.record ?? recordWith({ owner, id, digest, prefix, createdAt }, facts)
    const later = used(record, use)
    if (later !== record) changes.set(rowid, { former: before?.former ?? record, record: later })
  }
  return changes
}
