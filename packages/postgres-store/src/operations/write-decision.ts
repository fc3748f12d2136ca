import { isStorable, prefixOfKey } from '@tessera/core'
import type { Decision, Kept, Leases, Wanted } from '@tessera/core'
import type { Value } from '../driver/database.ts'
import { rowOf } from '../rows/token-row.ts'
import type { Session, Statements } from '../session/session.ts'
import type { Shown } from './shown.ts'

/** The least and the most that a count may be. */
export type Range = readonly [least: number, most: number]

/** The state for which a decision holds. Counts are by the instants asked for. */
export interface Expected extends Pick<Shown, 'history' | 'versions' | 'keptVersion'> {
  readonly active: ReadonlyMap<number, Range>
  readonly keys: ReadonlyMap<number, Range>
}

/** Writes a decision if the state is the expected one, in one statement. Resolves to whether it did. */
export type WriteDecision = (
  sql: Statements,
  owner: string,
  wanted: Wanted,
  expected: Expected,
  decision: Decision<unknown>,
) => Promise<boolean>

/** What the writer of a change knows of leases. */
export interface Lending {
  readonly leases: Leases
  /** The length lent by this process; 0 for none. */
  readonly ownMs: number
}

const WRITTEN = /^written(?: (\d+))?$/

export function createWriteDecision({ define, changesKept }: Session, { leases, ownMs }: Lending): WriteDecision {
  const counts = ['text[]::bigint[]', 'text[]::bigint[]', 'text[]::bigint[]']
  const types = [
    ...['text', 'text', 'text[]', 'text[]', 'text', 'text'],
    ...['text', ...counts],
    ...['text[]', ...counts],
    ...['text', 'text', 'text', 'text[]', 'bigint', 'int', 'int'],
  ]
  const parameters = types.map((type, index) => `$${index + 1}::${type}`)
  const write = define(`select {write_change_v2}(${parameters.join(', ')})`)

  return async (sql, owner, wanted, { history, versions, keptVersion, active, keys }, decision) => {
    const { put = [], add = [], keep, announce = [] } = decision
    const until = history === null ? null : sql.until(history)
    if (history !== null && until === null) return false
    checkAdded(wanted, versions, add)
    // Whether one is in use shows as it is added.
    const added = new Set(add.map(({ id }) => id))
    const ids = new Set([...versions.keys(), ...wanted.ids.filter((id) => isStorable(id) && !added.has(id))])
    const shown = [...versions].map(([id, version]) => `${id} ${version}`)
    const values: Value[] = [
      ...[owner, history, [...ids], shown, wanted.key, keptVersion],
      ...[keys.size === 0 ? null : prefixOfKey(wanted.key ?? ''), ...rangesIn(keys)],
      ...[active.size === 0 ? null : wanted.prefixes, ...rangesIn(active)],
      ...[rowsText(add), rowsText(put), keep === undefined ? null : keptText(keep)],
      announce === 'owner' ? [] : announce.length === 0 ? null : announce,
      ...[until, changesKept, ownMs],
    ]
    const written = WRITTEN.exec(await sql.run(write, values))
    leases.meet(Number(written?.[1] ?? 0))
    return written !== null
  }
}

/** The instants, and the least and the most of each count. */
function rangesIn(counts: Expected['active']): readonly (readonly string[] | null)[] {
  if (counts.size === 0) return [null, null, null]
  const ranges = [...counts.values()]
  return [
    [...counts.keys()].map(String),
    ranges.map(([least]) => String(least)),
    ranges.map(([, most]) => String(most)),
  ]
}

/** What was shown under an added id, or not looked for, would be shown again for ever. */
function checkAdded(
  { ids }: Wanted,
  versions: ReadonlyMap<string, string>,
  add: NonNullable<Decision<unknown>['add']>,
): void {
  const wanted = new Set(ids)
  if (add.some(({ id }) => versions.has(id) || !wanted.has(id))) {
    throw new Error('a token was to be added under an id that is in use, or was not looked for')
  }
}

function rowsText(records: NonNullable<Decision<unknown>['put']>): string | null {
  return records.length === 0 ? null : JSON.stringify(records.map(rowOf))
}

function keptText(kept: Kept): string {
  return JSON.stringify({ prefix: prefixOfKey(kept.key), expires_at: kept.expiresAt, kept })
}
