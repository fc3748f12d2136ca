import { compareBy } from '@tessera/core'
import type { HeldRecord, SortField, TokenRecord } from '@tessera/core'
import { countFirst, insertSorted } from './sorted.ts'

/** The place of one token: its record is replaced, never written to, and what was made of it goes with it. */
export interface Row extends HeldRecord {
  record: TokenRecord
}

/** The tokens of one owner, by id and in order. */
export interface OwnerIndex {
  readonly rows: Map<string, Row>
  /**
   * Ascending. By creation always; by other fields from the first list that asks until a change could move a row. Not by
   * status, which moves rows with the clock.
   */
  readonly orders: Map<SortField, Row[]>
  /** The expiry of each token that can count as active, ascending, so that those that do are counted and not walked. */
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
  if (canCount(row.record)) addExpiry(index, row.record)
}

/** Puts a later state of the same token in the place of its record. */
export function replaceRecord(index: OwnerIndex, row: Row, record: TokenRecord): void {
  const former: Row = { record: row.record, acceptance: null }
  row.record = record
  row.acceptance = null
  if (record === former.record) return
  const isCounted = canCount(former.record)
  if (isCounted && !(canCount(record) && record.expiresAt === former.record.expiresAt)) {
    removeExpiry(index, former.record)
    if (canCount(record)) addExpiry(index, record)
  }
  for (const by of index.orders.keys()) {
    if (ascendingBy(by)(former, row) !== 0) index.orders.delete(by)
  }
}

/** Removes the rows whose record is of no more use, and tells which they were. */
export function removeRows(index: OwnerIndex, isUseless: (record: TokenRecord) => boolean): readonly Row[] {
  const removed = [...index.rows.values()].filter(({ record }) => isUseless(record))
  if (removed.length === 0) return removed
  for (const { record } of removed) {
    index.rows.delete(record.id)
    if (canCount(record)) removeExpiry(index, record)
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

/** Orders that are kept are the same at every instant. */
function ascendingBy(by: SortField, now = 0): (a: Row, b: Row) => number {
  const compare = compareBy({ by, direction: 'asc' }, now)
  return (a, b) => compare(a.record, b.record)
}

/** Whether the token counts as active as long as it has not expired: a token that was rotated left its place. */
function canCount({ revokedAt, rotatedTo }: TokenRecord): boolean {
  return revokedAt === null && rotatedTo === null
}

function addExpiry(index: OwnerIndex, record: TokenRecord): void {
  const expiry = expiryOf(record)
  insertSorted(index.expiries, expiry, (other) => other <= expiry)
}

function removeExpiry(index: OwnerIndex, record: TokenRecord): void {
  const expiry = expiryOf(record)
  index.expiries.splice(
    countFirst(index.expiries, (other) => other < expiry),
    1,
  )
}

function expiryOf(record: TokenRecord): number {
  return record.expiresAt ?? Number.POSITIVE_INFINITY
}
