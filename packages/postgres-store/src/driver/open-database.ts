import { createDeadline } from '@tessera/core'
import { arrayLiteral } from './array-literal.ts'
import type { Database, Query, Value } from './database.ts'
import type { Driver, Patience } from './driver.ts'
import { storeErrorOf } from './failure.ts'
import { withPrepared } from './prepared-statements.ts'
import { driverOf } from './which-driver.ts'
import type { PostgresPool } from './which-driver.ts'

export interface DatabaseOptions {
  readonly deadlineMs: number
  readonly preparedStatements: 'auto' | boolean
}

/** @throws TypeError for anything but a pool */
export function openDatabase(pool: PostgresPool, { deadlineMs, preparedStatements }: DatabaseOptions): Database {
  const driver = withPrepared(driverOf('postgresStore', pool), pool, preparedStatements)
  const withinDeadline = createDeadline(deadlineMs)
  return {
    operate(operation, work) {
      const patience: Patience = { isOver: false, onOver: new Set() }
      return withinDeadline(
        () => work(queryWith(driver, patience)),
        (cause) => storeErrorOf(operation, giveUp(patience, cause)),
      )
    },
  }
}

function queryWith(driver: Driver, patience: Patience): Query {
  return async ({ name, text }, values) => {
    const column = await driver({ name, text, values: values.map(textOf) }, patience)
    if (!column.every(isText)) throw new Error('the driver answered something else than a column of text')
    return column
  }
}

/** @returns The cause. If the operation still waited for a connection, it says so. */
function giveUp(patience: Patience, cause: unknown): unknown {
  patience.isOver = true
  const isSent = [...patience.onOver].map((leave) => leave()).every(Boolean)
  return isSent || !(cause instanceof Error) ? cause : new Error(`${cause.message}: the pool gave no connection`)
}

function textOf(value: Value): string | null {
  if (value === null || typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : arrayLiteral(value)
}

function isText(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}
