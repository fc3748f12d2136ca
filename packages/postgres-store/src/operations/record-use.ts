import { setTimeout as wait } from 'node:timers/promises'
import { isStorable, used } from '@tessera/core'
import type { TokenStore, TokenUse } from '@tessera/core'
import { recordIn, rowOf } from '../rows/token-row.ts'
import type { ShownRow } from '../rows/token-row.ts'
import type { Session, Statements } from '../session/session.ts'

const MOST_AT_ONCE = 500
const LONGEST_WAIT_MS = 10

/** Of one token, in their order. */
type Uses = readonly [TokenUse, ...TokenUse[]]

/** Reads the tokens in one statement, and writes in another one those that are still as read. The others are read again. */
export function createRecordUse({ define, change }: Session): TokenStore['recordUse'] {
  const show = define(`
    select json_build_array(
      {server_v1}(),
      (
        select json_agg(json_build_array(t.xmin::text, {row_v1}(t)))
        from unnest($1::text[], $2::text[]) u(owner, id) join {tokens} t on t.owner = u.owner and t.id = u.id
      )
    )::text`)
  const write = define('select {write_uses_v1}($1::text, $2::text, $3::bigint)')

  async function record(sql: Statements, some: readonly Uses[]): Promise<void> {
    for (
      let left = new Map(some.map((uses) => [keyOf(uses[0]), uses]));
      ;
      await wait(Math.random() * LONGEST_WAIT_MS)
    ) {
      const tokens = [...left.values()].map(([{ owner, id }]) => ({ owner, id }))
      const values = [tokens.map(({ owner }) => owner), tokens.map(({ id }) => id)]
      const [history, shown] = (await sql.read(show, values)) as [string, readonly [string, ShownRow][] | null]
      const later = (shown ?? []).flatMap(([version, row]) => {
        const former = recordIn(row)
        const record = (left.get(keyOf(former)) ?? []).reduce(used, former)
        return record === former ? [] : [{ record, version }]
      })
      if (later.length === 0) return
      const rows = later.map(({ record, version }, number) => ({ number, version, ...rowOf(record) }))
      const until = sql.until(history)
      const answer = until === null ? '[]' : await sql.run(write, [history, JSON.stringify(rows), until])
      const written = new Set(JSON.parse(answer) as readonly number[])
      const late = later.filter((_, number) => !written.has(number)).map(({ record }) => keyOf(record))
      if (late.length === 0) return
      left = new Map(
        late.flatMap((key) => {
          const uses = left.get(key)
          return uses === undefined ? [] : [[key, uses] as const]
        }),
      )
    }
  }

  return async (uses) => {
    const all = byToken(uses.filter(({ owner, id }) => isStorable(owner) && isStorable(id)))
    for (let start = 0; start < all.length; start += MOST_AT_ONCE) {
      const some = all.slice(start, start + MOST_AT_ONCE)
      await change('record the use of tokens', (sql) => record(sql, some))
    }
  }
}

function byToken(uses: readonly TokenUse[]): readonly Uses[] {
  const groups = new Map<string, [TokenUse, ...TokenUse[]]>()
  for (const use of uses) {
    const group = groups.get(keyOf(use))
    if (group === undefined) groups.set(keyOf(use), [use])
    else group.push(use)
  }
  return [...groups.values()]
}

function keyOf({ owner, id }: Pick<TokenUse, 'owner' | 'id'>): string {
  return JSON.stringify([owner, id])
}
