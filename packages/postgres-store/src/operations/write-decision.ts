import { isStorable, prefixOfKey } from '@tessera/core'
import type { Decision, Kept, Wants } from '@tessera/core'
import type { Value } from '../driver/database.ts'
import { rowOf } from '../rows/token-row.ts'
import type { Session, Statements } from '../session/session.ts'
import type { Shown } from './shown.ts'

/** The least and the most that a count may be. */
export type Range = readonly [least: number, most: number]

/** The state for which a decision holds. */
export interface Expected extends Pick<Shown, 'history' | 'versions' | 'keptVersion'> {
  readonly active: Range | null
  readonly keys: Range | null
}

/** Writes a decision if the state is the expected one, in one statement. Resolves to whether it did. */
export type WriteDecision = (
  sql: Statements,
  owner: string,
  wants: Wants,
  expected: Expected,
  decision: Decision<unknown>,
) => Promise<boolean>

export function createWriteDecision({ define, changesKept }: Session): WriteDecision {
  const types = [
    ...['text', 'text', 'text[]', 'text[]', 'text', 'text'],
    ...['text', 'bigint', 'bigint', 'bigint'],
    ...['text[]', 'bigint', 'bigint', 'bigint'],
    ...['text', 'text', 'text', 'text[]', 'bigint', 'int'],
  ]
  const parameters = types.map((type, index) => `$${index + 1}::${type}`)
  const write = define(`select {write_change_v1}(${parameters.join(', ')})`)

  return async (sql, owner, wants, { history, versions, keptVersion, active, keys }, decision) => {
    const { put = [], add = [], keep, announce = [] } = decision
    const until = history === null ? null : sql.until(history)
    if (history !== null && until === null) return false
    checkAdded(wants, versions, add)
    const ids = new Set([...versions.keys(), ...wants.ids.filter(isStorable), ...add.map(({ id }) => id)])
    const shown = [...versions].map(([id, version]) => `${id} ${version}`)
    const keysOf = keys === null ? null : prefixOfKey(wants.key ?? '')
    const values: Value[] = [
      ...[owner, history, [...ids], shown, wants.key, keptVersion],
      ...[keysOf, wants.keysAt ?? null, ...(keys ?? [null, null])],
      ...[wants.active?.prefixes ?? null, wants.active?.at ?? null, ...(active ?? [null, null])],
      ...[rowsText(add), rowsText(put), keep === undefined ? null : keptText(keep)],
      announce === 'owner' ? [] : announce.length === 0 ? null : announce,
      ...[until, changesKept],
    ]
    return (await sql.run(write, values)) === 'written'
  }
}

/** What was shown under an added id, or not looked for, would be shown again for ever. */
function checkAdded(
  { ids }: Wants,
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
