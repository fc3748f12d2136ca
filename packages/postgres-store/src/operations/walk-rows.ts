import type { Place, TokenQuery, TokenRecord } from '@tessera/core'
import { recordIn } from '../rows/token-row.ts'
import type { ShownRow } from '../rows/token-row.ts'
import type { Session } from '../session/session.ts'

/** An owner's tokens by creation, after a place, in steps of at most so many. */
export type Walk = (
  query: Pick<TokenQuery, 'owner' | 'prefixes' | 'sort'>,
  after: Place | null,
  size: number,
) => AsyncGenerator<readonly TokenRecord[], void>

export function createWalk({ define, operate }: Session, operation: string): Walk {
  const step = (direction: 'asc' | 'desc', beyond: '<' | '>') => {
    const ordered = (row: string) => `${row}.created_at ${direction}, ${row}.id ${direction}`
    // Each prefix has its own range of the index.
    return define(`
      select json_build_array(
        {server_v1}(),
        (
          select json_agg({row_v1}(f.token) order by ${ordered('f')})
          from (
            select s.token, s.created_at, s.id
            from unnest($2::text[]) p(prefix) cross join lateral (
              select t as token, t.created_at, t.id from {tokens} t
              where t.owner = $1::text and t.prefix = p.prefix
                and (t.created_at, t.id) ${beyond} ($3::bigint, $4::text)
              order by ${ordered('t')} limit $5::bigint
            ) s
            order by ${ordered('s')} limit $5::bigint
          ) f
        )
      )::text`)
  }
  const steps = { asc: step('asc', '>'), desc: step('desc', '<') }
  const starts = { asc: -1, desc: Number.MAX_SAFE_INTEGER }

  return async function* walk({ owner, prefixes, sort: { direction } }, after, size) {
    let [createdAt, id] = after === null ? [starts[direction], ''] : [Number(after.value), after.id]
    for (;;) {
      const values = [owner, prefixes, createdAt, id, size]
      const [, rows] = await operate(operation, (sql) => sql.read(steps[direction], values))
      const records = ((rows ?? []) as readonly ShownRow[]).map(recordIn)
      yield records
      const last = records.at(-1)
      if (last === undefined || records.length < size) return
      createdAt = last.createdAt
      id = last.id
    }
  }
}
