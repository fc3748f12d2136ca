import { overError } from './driver.ts'
import type { Driver } from './driver.ts'

/** The part of a `sql` of postgres.js in use. */
export interface PostgresJs {
  (...args: never[]): unknown
  unsafe(text: string, values: never[], options: object): { raw(): PostgresJsQuery }
  typed(value: unknown, type: number): unknown
  begin(...args: never[]): unknown
  readonly options: object
}

export interface PostgresJsQuery extends PromiseLike<readonly unknown[]> {
  /** `null` until it is sent over a connection. */
  readonly state?: unknown
  /** The error after which postgres.js has prepared the statement once more, and then again at each use. */
  readonly retried?: unknown
  cancel(): unknown
}

/** The type `unknown`: the server finds the type of the parameter, and postgres.js has no serializer for it. */
const UNKNOWN = 705

/**
 * Has nothing sent behind the statement before it is answered. Behind a statement that waits for a lock, others would wait
 * too; and a pooler gives the connection away between two of them, and then never answers the second.
 */
const alone = () => false

export function postgresJsDriver(sql: PostgresJs): Driver {
  return async ({ name, text, values, onPreparedAgain }, patience) => {
    if (patience.isOver) throw overError()
    // The type of its parameters depends on the app's own types.
    const parameters = values.map((value) => sql.typed(value, UNKNOWN)) as never[]
    const query = sql.unsafe(text, parameters, { prepare: name !== null, simple: false, onexecute: alone }).raw()
    // Once it is sent, to cancel it takes another connection, and ends the process if the server is gone.
    const leave = () => {
      const isSent = query.state !== null
      if (!isSent) query.cancel()
      return isSent
    }
    patience.onOver.add(leave)
    try {
      return (await query).map(firstOf)
    } finally {
      if (query.retried !== undefined) onPreparedAgain?.(query.retried)
      patience.onOver.delete(leave)
    }
  }
}

/** Values are bytes, as no parser of the app has seen them. */
function firstOf(row: unknown): unknown {
  const value: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, 0) : undefined
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString() : value
}
