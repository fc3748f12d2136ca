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
  /** The error after which postgres.js has prepared the statement once more, and then again at each use. */
  readonly retried?: unknown
  cancel(): unknown
}

/** The type `unknown`: the server finds the type of the parameter, and postgres.js has no serializer for it. */
const UNKNOWN = 705

/** The part of a connection of postgres.js in use. */
interface Connection {
  /** Called after an answer inside a transaction. After any other one it is set to `null` instead. */
  reserved: (() => void) | null
  terminate(): void
}

/**
 * A connection that the app gave back inside a transaction is closed, and the statement sent once more: a change would not
 * last, a read would see an old state. The server tells of it with its answer, so what was done then is rolled back.
 */
export function postgresJsDriver(sql: PostgresJs): Driver {
  /** By the state of the statements sent over it. A large statement names nothing else. */
  const connections = new WeakMap<object, Connection>()

  return async function send(sent, patience) {
    const { name, text, values, onPreparedAgain } = sent
    if (patience.isOver) throw overError()
    let isInTransaction = false
    let state: object | null = null

    function watch(connection: Connection): void {
      connection.reserved = () => {
        isInTransaction = true
        connection.terminate()
      }
    }

    /**
     * Has nothing sent behind the statement before it is answered. Behind a statement that waits for a lock, others would wait
     * too; and a pooler gives the connection away between two of them, and then never answers the second.
     */
    function onexecute(connection: Connection): false {
      if (state !== null) connections.set(state, connection)
      watch(connection)
      return false
    }

    // The type of its parameters depends on the app's own types.
    const parameters = values.map((value) => sql.typed(value, UNKNOWN)) as never[]
    const query = sql.unsafe(text, parameters, { prepare: name !== null, simple: false, onexecute }).raw()
    Object.defineProperties(query, {
      // It is sent as a whole. Else postgres.js would ask for the types of its parameters first, and not name the connection.
      describeFirst: { get: () => false, set() {} },
      /** `null` until it is sent over a connection. */
      state: {
        get: () => state,
        set(sentOver: object) {
          state = sentOver
          const connection = connections.get(sentOver)
          if (connection !== undefined) watch(connection)
        },
      },
    })
    // Once it is sent, to cancel it takes another connection, and ends the process if the server is gone.
    const leave = () => {
      const isSent = state !== null
      if (!isSent) query.cancel()
      return isSent
    }
    patience.onOver.add(leave)
    try {
      const rows = await query
      if (!isInTransaction) return rows.map(firstOf)
    } catch (error) {
      if (!isInTransaction) throw error
    } finally {
      if (query.retried !== undefined) onPreparedAgain?.(query.retried)
      patience.onOver.delete(leave)
    }
    return send(sent, patience)
  }
}

/** Values are bytes, as no parser of the app has seen them. */
function firstOf(row: unknown): unknown {
  const value: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, 0) : undefined
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString() : value
}
