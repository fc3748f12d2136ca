import { compareBy, countsUntil } from '@tessera/core'
import type { CachedRecord, SortField, TokenRecord } from '@tessera/core'
import { countFirst, insertSorted } from './sorted.ts'

/** The place of one token: its record is replaced, never written to, and the memo goes with it. */
export interface Row extends CachedRecord {
  record: TokenRecord
}

/** The tokens of one owner, by id and in order. */
export interface OwnerIndex {
  readonly rows: Map<string, Row>
  /**
   * Ascending. By creation always; by other fields from the first list until a change could move a row. Not by status,
   * since the clock moves its rows.
   */
  readonly orders: Map<SortField, Row[]>
  /** The expiry of each token that can count as active, ascending, so active ones are counted without a walk. */
  readonly expiries: number[]
}

export function createOwnerIndex(): OwnerIndex {
  return { rows: new Map(), orders: new Map([['createdAt', []]]), expiries: [] }
}

export function addRow(index: OwnerIndex, row: Row): void {
  index.rows.set(row.record.id, row)
  for (const [by, order] of index.orders) {
    const compare = ascendingBy(by)
    insertSorted(order, row, (other) => compare(other, row) < 0)
  }
  addExpiry(index, row.record)
}

/** The tokens with these ids, each with its predecessor and its successor by rotation. */
export function withNeighbours({ rows }: OwnerIndex, ids: readonly string[]): ReadonlyMap<string, TokenRecord> {
  const records = new Map<string, TokenRecord>()
  for (const id of ids) {
    const record = rows.get(id)?.record
    if (record === undefined) continue
    for (const near of [id, record.rotatedFrom, record.rotatedTo]) {
      const shown = near === null ? undefined : rows.get(near)?.record
      if (shown !== undefined) records.set(shown.id, shown)
    }
  }
  return records
}

/** Puts a later state of the same token in the place of its record. */
export function replaceRecord(index: OwnerIndex, row: Row, record: TokenRecord): void {
  const former: Row = { record: row.record, memo: null }
  row.record = record
  row.memo = null
  if (record === former.record) return
  if (countsUntil(record) !== countsUntil(former.record)) {
    removeExpiry(index, former.record)
    addExpiry(index, record)
  }
  for (const by of index.orders.keys()) {
    if (ascendingBy(by)(former, row) !== 0) index.orders.delete(by)
  }
}

/** Removes useless rows, and returns them. */
export function removeRows(index: OwnerIndex, isUseless: (record: TokenRecord) => boolean): readonly Row[] {
  const removed = [...index.rows.values()].filter(({ record }) => isUseless(record))
  if (removed.length === 0) return removed
  for (const { record } of removed) {
    index.rows.delete(record.id)
    removeExpiry(index, record)
  }
  for (const [by, order] of index.orders) {
    index.orders.set(
      by,
      order.filter(({ record }) => !isUseless(record)),
    )
  }
  return removed
}

export function countActive(index: OwnerIndex, now: number): number {
  return index.expiries.length - countFirst(index.expiries, (expiry) => expiry <= now)
}

/** All rows, ascending. */
export function sortedRows(index: OwnerIndex, by: SortField, now: number): readonly Row[] {
  const known = index.orders.get(by)
  if (known !== undefined) return known
  const order = [...index.rows.values()].sort(ascendingBy(by, now))
  if (by !== 'status') index.orders.set(by, order)
  return order
}

/** A kept order is the same at every instant. */
function ascendingBy(by: SortField, now = 0): (a: Row, b: Row) => number {
  const compare = compareBy({ by, direction: 'asc' }, now)
  return (a, b) => compare(a.record, b.record)
}

function addExpiry(index: OwnerIndex, record: TokenRecord): void {
  const until = countsUntil(record)
  if (until !== null) insertSorted(index.expiries, until, (other) => other <= until)
}

function removeExpiry(index: OwnerIndex, record: TokenRecord): void {
  const until = countsUntil(record)
  if (until === null) return
  index.expiries.splice(
    countFirst(index.expiries, (other) => other < until),
    1,
  )
}
