import { compareBy, countsUntil } from '@tessera/core'
import type { ActiveCount, SortField, TokenRecord } from '@tessera/core'
import { ascendingBy } from './row.ts'
import type { Row } from './row.ts'
import { countFirst, insertSorted } from './sorted.ts'

/** The tokens of an owner with many: all of them by id, and those of each prefix in order. */
export interface ManyRows {
  readonly rows: Map<string, Row>
  /** By prefix. A prefix without tokens has none. */
  readonly parts: Map<string, Part>
}

/** One owner's tokens of one prefix, at least one. */
interface Part {
  /**
   * Ascending. By creation always; by other fields from the first list until a change could move a row. Not by status,
   * since the clock moves its rows.
   */
  readonly orders: Map<SortField, Row[]>
  /** The expiry of each token that can count as active, ascending, so active ones are counted without a walk. */
  readonly expiries: number[]
}

export function manyRows(first: readonly Row[]): ManyRows {
  const many: ManyRows = { rows: new Map(), parts: new Map() }
  for (const row of first) addRow(many, row)
  return many
}

export function addRow({ rows, parts }: ManyRows, row: Row): void {
  const { id, prefix } = row.record
  const part = parts.get(prefix) ?? { orders: new Map<SortField, Row[]>([['createdAt', []]]), expiries: [] }
  parts.set(prefix, part)
  rows.set(id, row)
  for (const [by, order] of part.orders) {
    const compare = ascendingBy(by)
    insertSorted(order, row, (other) => compare(other, row) < 0)
  }
  addExpiry(part, row.record)
}

/** Puts a token in order again whose record was replaced. */
export function reorderRow({ parts }: ManyRows, { record }: Row, former: TokenRecord): void {
  const part = parts.get(record.prefix)
  if (part === undefined) return
  if (countsUntil(record) !== countsUntil(former)) {
    removeExpiry(part, former)
    addExpiry(part, record)
  }
  for (const by of part.orders.keys()) {
    // No change moves a creation.
    if (by !== 'createdAt' && compareBy({ by, direction: 'asc' }, 0)(former, record) !== 0) part.orders.delete(by)
  }
}

/** Removes the useless rows of a prefix, and returns them. */
export function removeFromMany(
  { rows, parts }: ManyRows,
  prefix: string,
  isUseless: (record: TokenRecord) => boolean,
): readonly Row[] {
  const part = parts.get(prefix)
  const removed = byCreation(part).filter(({ record }) => isUseless(record))
  if (part === undefined || removed.length === 0) return []
  for (const { record } of removed) {
    rows.delete(record.id)
    removeExpiry(part, record)
  }
  for (const [by, order] of part.orders) {
    part.orders.set(
      by,
      order.filter(({ record }) => !isUseless(record)),
    )
  }
  if (byCreation(part).length === 0) parts.delete(prefix)
  return removed
}

export function countActiveOf({ parts }: ManyRows, { at, prefixes }: ActiveCount): number {
  return prefixes
    .map((prefix) => parts.get(prefix)?.expiries ?? [])
    .map((expiries) => expiries.length - countFirst(expiries, (expiry) => expiry <= at))
    .reduce((sum, count) => sum + count, 0)
}

/** All rows of some prefixes, ascending. Those of one prefix are kept in order; those of several are sorted each time. */
export function sortedParts(
  { parts }: ManyRows,
  prefixes: readonly string[],
  by: SortField,
  now: number,
): readonly Row[] {
  const orders = prefixes.flatMap((prefix) => {
    const part = parts.get(prefix)
    return part === undefined ? [] : [sortedPart(part, by, now)]
  })
  return orders.length === 1 ? (orders[0] ?? []) : orders.flat().sort(ascendingBy(by, now))
}

function sortedPart(part: Part, by: SortField, now: number): readonly Row[] {
  const known = part.orders.get(by)
  if (known !== undefined) return known
  const order = byCreation(part).toSorted(ascendingBy(by, now))
  if (by !== 'status') part.orders.set(by, order)
  return order
}

function byCreation(part: Part | undefined): readonly Row[] {
  return part?.orders.get('createdAt') ?? []
}

function addExpiry({ expiries }: Part, record: TokenRecord): void {
  const until = countsUntil(record)
  if (until !== null) insertSorted(expiries, until, (other) => other <= until)
}

function removeExpiry({ expiries }: Part, record: TokenRecord): void {
  const until = countsUntil(record)
  if (until === null) return
  expiries.splice(
    countFirst(expiries, (other) => other < until),
    1,
  )
}
