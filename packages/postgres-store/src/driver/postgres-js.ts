import { overError } from './driver.ts'
import type { Driver } from './driver.ts'

/** The part of a `sql` of postgres.js in use. */
export interface PostgresJs {
  (...args: never[]): unknown
  unsafe(text: string, values: unknown[], options: object): { raw(): PostgresJsQuery }
  typed(value: unknown, type: number): unknown
  begin(...args: never[]): unknown
  readonly options: object
}

export interface PostgresJsQuery extends PromiseLike<readonly unknown[]> {
  /** `null` until it is sent over a connection. */
  readonly state?: unknown
  cancel(): unknown
}

/** The type `unknown`: the server finds the type of the parameter, and postgres.js has no serializer for it. */
const UNKNOWN = 705

export function postgresJsDriver(sql: PostgresJs): Driver {
  return async ({ name, text, values }, patience) => {
    if (patience.isOver) throw overError()
    const parameters = values.map((value) => sql.typed(value, UNKNOWN))
    const query = sql.unsafe(text, parameters, { prepare: name !== null, simple: false }).raw()
    // Once it is sent, to cancel it takes another connection, and ends the process if the server is gone.
    const leave = () => void (query.state === null && query.cancel())
    patience.onOver.add(leave)
    try {
      return (await query).map(firstOf)
    } finally {
      patience.onOver.delete(leave)
    }
  }
}

/** Values are bytes, as no parser of the app has seen them. */
function firstOf(row: unknown): unknown {
  const value: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, 0) : undefined
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString() : value
}
