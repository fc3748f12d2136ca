import { isStorable } from '@tessera/core'

/** A connection of `node:sqlite`, `better-sqlite3` or `libsql`: each answers at once. */
export interface SqliteDatabase {
  exec(sql: string): unknown
  prepare(sql: string): SqliteStatement
  /** Whether a transaction is open, as `node:sqlite` names it. */
  readonly isTransaction?: boolean
  /** The same, as the other drivers name it. */
  readonly inTransaction?: boolean
  /** False after it was closed. Not of `node:sqlite`. */
  readonly open?: unknown
}

export interface SqliteStatement {
  run(...values: SqliteValue[]): unknown
  /** A row by column names, or nothing. */
  get(...values: SqliteValue[]): unknown
  all(...values: SqliteValue[]): unknown[]
  /** Rows as arrays, and integers as `bigint`: settings of a connection, which its statements inherit. */
  setReturnArrays?(enabled: boolean): unknown
  setReadBigInts?(enabled: boolean): unknown
  safeIntegers?(enabled: boolean): unknown
}

export type SqliteValue = string | number | null

/**
 * Statements of one connection, each prepared once. A table is named `{name}`, and gets the prefix of the tables.
 *
 * No row has a text with NUL or a lone surrogate: drivers cut such a text, or change it into another one. So a row is never
 * found by it.
 */
export interface Statements {
  exec(sql: string): void
  /** @throws Error for a text that cannot be kept */
  run(sql: string, ...values: SqliteValue[]): void
  get<Row>(sql: string, ...values: SqliteValue[]): Row | undefined
  all<Row>(sql: string, ...values: SqliteValue[]): Row[]
  /** @throws Error for a closed connection */
  isInTransaction(): boolean
}

export function statementsOn(database: SqliteDatabase, tablePrefix: string): Statements {
  const prepared = new Map<string, SqliteStatement>()
  const executed = new Map<string, string>()

  function named(sql: string): string {
    return sql.replaceAll(/\{(\w+)\}/g, `${tablePrefix}$1`)
  }

  function prepare(sql: string): SqliteStatement {
    const ready = prepared.get(sql)
    if (ready !== undefined) return ready
    const statement = database.prepare(named(sql))
    statement.setReturnArrays?.(false)
    statement.setReadBigInts?.(false)
    statement.safeIntegers?.(false)
    prepared.set(sql, statement)
    return statement
  }

  return {
    exec(sql) {
      const ready = executed.get(sql) ?? named(sql)
      executed.set(sql, ready)
      database.exec(ready)
    },
    run(sql, ...values) {
      if (!values.every(isKept)) throw new TypeError('a text with NUL or a lone surrogate cannot be kept')
      prepare(sql).run(...values)
    },
    // The columns are the caller's, who wrote the statement.
    get: <Row>(sql: string, ...values: SqliteValue[]) =>
      values.every(isKept) ? (prepare(sql).get(...values) as Row | undefined) : undefined,
    all: <Row>(sql: string, ...values: SqliteValue[]) =>
      values.every(isKept) ? (prepare(sql).all(...values) as Row[]) : [],
    isInTransaction() {
      // libsql ends the process if a closed connection is asked.
      if (database.open === false) throw new Error('the connection is closed')
      return (database.isTransaction ?? database.inTransaction) === true
    },
  }
}

/** The condition on a column to have one of some values. Of one value, an index on the column is in order. */
export function oneOf(values: readonly SqliteValue[]): string {
  return values.length === 1 ? '= ?' : `in (${values.map(() => '?').join(', ')})`
}

function isKept(value: SqliteValue): boolean {
  return typeof value !== 'string' || isStorable(value)
}
