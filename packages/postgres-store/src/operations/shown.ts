import { isStorable, prefixOfKey } from '@tessera/core'
import type { Kept, ShownTogether, Wanted } from '@tessera/core'
import { recordIn } from '../rows/token-row.ts'
import type { ShownRow } from '../rows/token-row.ts'
import type { Session, Statements } from '../session/session.ts'

type Versioned<Row> = readonly [version: string, row: Row]
type Counts = ReadonlyMap<number, number>

/** Everything shown to decisions, with the versions to compare before one is written. */
export interface Shown extends Required<ShownTogether> {
  /** `null` if nothing was read: then nothing can be written. */
  readonly history: string | null
  /** By id. */
  readonly versions: ReadonlyMap<string, string>
  readonly keptVersion: string | null
}

export type Show = (sql: Statements, owner: string, wanted: Wanted) => Promise<Shown>

export function createShow({ define }: Session): Show {
  const types = ['text', 'text[]', 'text', 'text', 'text[]::bigint[]', 'text[]', 'text[]::bigint[]']
  const show = define(`select {show_v1}(${types.map((type, index) => `$${index + 1}::${type}`).join(', ')})`)

  return async (sql, owner, wanted) => {
    const { ids, key, keysAt, prefixes, instants } = wanted
    if (!isStorable(owner) || !isStorable(key ?? '')) return shownOf(wanted, null, [], null, null, null)
    const asked = [key, keysAt.length === 0 ? null : prefixOfKey(key ?? ''), textsOrNull(keysAt)]
    const counted = instants.length === 0 ? null : prefixes.filter(isStorable)
    const answer = await sql.read(show, [owner, ids.filter(isStorable), ...asked, counted, textsOrNull(instants)])
    const [history, rows, kept, activeCounts, keyCounts] = answer as [
      history: string,
      rows: readonly Versioned<ShownRow>[] | null,
      kept: Versioned<Kept> | null,
      activeCounts: readonly number[] | null,
      keyCounts: readonly number[] | null,
    ]
    return shownOf(wanted, history, rows ?? [], kept, activeCounts, keyCounts)
  }
}

function shownOf(
  { keysAt, instants }: Wanted,
  history: string | null,
  rows: readonly Versioned<ShownRow>[],
  kept: Versioned<Kept> | null,
  activeCounts: readonly number[] | null,
  keysCounts: readonly number[] | null,
): Shown {
  const records = rows.map(([version, row]) => [version, recordIn(row)] as const)
  const [counts, keyCounts] = [countsOf(instants, activeCounts), countsOf(keysAt, keysCounts)]
  return {
    seen: {
      records: new Map(records.map(([, record]) => [record.id, record])),
      kept: kept?.[1] ?? null,
      active: firstOf(counts),
      keys: firstOf(keyCounts),
    },
    counts,
    keyCounts,
    history,
    versions: new Map(records.map(([version, { id }]) => [id, version])),
    keptVersion: kept?.[0] ?? null,
  }
}

function countsOf(instants: readonly number[], counts: readonly number[] | null): Counts {
  return new Map(instants.map((instant, index) => [instant, counts?.[index] ?? 0]))
}

function firstOf(counts: Counts): number | null {
  const [first = null] = counts.values()
  return first
}

function textsOrNull(instants: readonly number[]): readonly string[] | null {
  return instants.length === 0 ? null : instants.map(String)
}
