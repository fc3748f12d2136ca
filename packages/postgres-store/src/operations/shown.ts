import { isStorable, prefixOfKey } from '@tessera/core'
import type { Kept, Seen, Wants } from '@tessera/core'
import { recordIn } from '../rows/token-row.ts'
import type { ShownRow } from '../rows/token-row.ts'
import type { Session, Statements } from '../session/session.ts'

type Versioned<Row> = readonly [version: string, row: Row]

/** Everything shown to a decision, with the versions to compare before it is written. */
export interface Shown {
  readonly seen: Seen
  /** `null` if nothing was read: then nothing can be written. */
  readonly history: string | null
  /** By id. */
  readonly versions: ReadonlyMap<string, string>
  readonly keptVersion: string | null
}

export type Show = (sql: Statements, owner: string, wants: Wants) => Promise<Shown>

export function createShow({ define }: Session): Show {
  const show = define('select {show_v1}($1::text, $2::text[], $3::text, $4::text, $5::bigint, $6::text[], $7::bigint)')

  return async (sql, owner, { ids, key, keysAt, active }) => {
    const counts = { active: active === undefined ? null : 0, keys: keysAt === undefined ? null : 0 }
    if (!isStorable(owner) || !isStorable(key ?? '')) {
      return {
        seen: { records: new Map(), kept: null, ...counts },
        history: null,
        versions: new Map(),
        keptVersion: null,
      }
    }
    const keysOf = keysAt === undefined ? null : prefixOfKey(key ?? '')
    const values = [owner, ids.filter(isStorable), key, keysOf, keysAt ?? null]
    const answer = await sql.read(show, [...values, active?.prefixes.filter(isStorable) ?? null, active?.at ?? null])
    const [history, rows, kept, activeCount, keysCount] = answer as [
      history: string,
      rows: readonly Versioned<ShownRow>[] | null,
      kept: Versioned<Kept> | null,
      active: number,
      keys: number,
    ]
    const records = (rows ?? []).map(([version, row]) => [version, recordIn(row)] as const)
    return {
      seen: {
        records: new Map(records.map(([, record]) => [record.id, record])),
        kept: kept?.[1] ?? null,
        active: active === undefined ? null : activeCount,
        keys: keysAt === undefined ? null : keysCount,
      },
      history,
      versions: new Map(records.map(([version, { id }]) => [id, version])),
      keptVersion: kept?.[0] ?? null,
    }
  }
}
