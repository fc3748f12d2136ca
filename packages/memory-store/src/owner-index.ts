import { countsUntil } from '@tessera/core'
import type { ActiveCount, SortField, TokenRecord } from '@tessera/core'
import { addRow as addToMany, countActiveOf, manyRows, removeFromMany, reorderRow, sortedParts } from './many-rows.ts'
import type { ManyRows } from './many-rows.ts'
import { ascendingBy } from './row.ts'
import type { Row } from './row.ts'
import { insertSorted } from './sorted.ts'

const FEW = 16

/** The tokens of one owner. Most owners have few: one list of them takes a sixth of the memory, and is soon walked. */
export interface OwnerIndex {
  /** Ascending by creation, up to 16; empty if there are more. */
  few: Row[]
  many: ManyRows | null
}

export function createOwnerIndex(): OwnerIndex {
  return { few: [], many: null }
}

export function sizeOf({ few, many }: OwnerIndex): number {
  return many === null ? few.length : many.rows.size
}

export function findRow({ few, many }: OwnerIndex, id: string): Row | undefined {
  return many === null ? few.find(({ record }) => record.id === id) : many.rows.get(id)
}

export function addRow(index: OwnerIndex, row: Row): void {
  const { few } = index
  if (index.many === null && few.length === FEW) {
    index.many = manyRows(few)
    index.few = []
  }
  if (index.many !== null) addToMany(index.many, row)
  // A list made whole takes no more than it holds; the first to be added to one makes room for many.
  else if (few.length === 0) index.few = [row]
  else insertSorted(few, row, (other) => BY_CREATION(other, row) < 0)
}

const BY_CREATION = ascendingBy('createdAt')

/** The tokens with these ids, each with its predecessor and its successor by rotation. */
export function withNeighbours(index: OwnerIndex, ids: readonly string[]): ReadonlyMap<string, TokenRecord> {
  const records = new Map<string, TokenRecord>()
  for (const id of ids) {
    const record = findRow(index, id)?.record
    if (record === undefined) continue
    for (const near of [id, record.rotatedFrom, record.rotatedTo]) {
      const shown = near === null ? undefined : findRow(index, near)?.record
      if (shown !== undefined) records.set(shown.id, shown)
    }
  }
  return records
}

/** Puts a later state of the same token in the place of its record. */
export function replaceRecord({ many }: OwnerIndex, row: Row, record: TokenRecord): void {
  const former = row.record
  row.record = record
  row.memo = null
  if (many !== null && record !== former) reorderRow(many, row, former)
}

/** Removes the useless rows of a prefix, and returns them. */
export function removeRows(
  index: OwnerIndex,
  prefix: string,
  isUseless: (record: TokenRecord) => boolean,
): readonly Row[] {
  if (index.many !== null) return removeFromMany(index.many, prefix, isUseless)
  const goes = ({ record }: Row) => record.prefix === prefix && isUseless(record)
  const removed = index.few.filter(goes)
  if (removed.length > 0) index.few = index.few.filter((row) => !goes(row))
  return removed
}

export function countActive({ few, many }: OwnerIndex, count: ActiveCount): number {
  if (many !== null) return countActiveOf(many, count)
  const { at, prefixes } = count
  return few.filter(({ record }) => prefixes.includes(record.prefix) && (countsUntil(record) ?? at) > at).length
}

/** All rows of some prefixes, ascending. */
export function sortedRows(
  { few, many }: OwnerIndex,
  prefixes: readonly string[],
  by: SortField,
  now: number,
): readonly Row[] {
  if (many !== null) return sortedParts(many, prefixes, by, now)
  const rows = few.filter(({ record }) => prefixes.includes(record.prefix))
  return by === 'createdAt' ? rows : rows.sort(ascendingBy(by, now))
}
