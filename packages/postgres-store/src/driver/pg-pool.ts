import { overError } from './driver.ts'
import type { Driver, Patience, Sent } from './driver.ts'
import { isOrdinary } from './sql-state.ts'

/** The part of a `pg` Pool in use. */
export interface PgPool {
  connect(callback: (error: Error | undefined, client: PgClient | undefined, release: Release) => void): void
  on(event: 'error', listener: () => void): unknown
  readonly totalCount: number
}

export interface PgClient {
  query(query: object, callback: (error: Error | null, result: PgResult) => void): void
  on(event: 'error', listener: () => void): unknown
  removeListener(event: 'error', listener: () => void): unknown
  /** `I` outside a transaction. Missing in older versions of `pg`. */
  getTransactionStatus?(): string | null
}

export interface PgResult {
  readonly rows: readonly (readonly unknown[])[]
}

/** Gives the connection back; with an error the pool closes it. */
type Release = (error?: Error) => void

const asTold = (value: unknown) => value
const AS_TEXT = { getTypeParser: () => asTold }
const ignore = () => {}
const heard = new WeakSet<PgPool>()

export function pgPoolDriver(pool: PgPool): Driver {
  listen(pool)
  return (sent, patience) =>
    new Promise((resolve, reject) => {
      const isUnsent = () => false
      patience.onOver.add(isUnsent)
      const connect = () =>
        pool.connect((error, client, release) => {
          patience.onOver.delete(isUnsent)
          if (error !== undefined && error !== null) return reject(error)
          if (client === undefined) return reject(new Error('the pool answered without a connection'))
          if (patience.isOver) {
            release()
            return reject(overError())
          }
          if (isInTransaction(client)) {
            release(new Error('the connection was given back inside a transaction'))
            return connect()
          }
          send(client, release, sent, patience, resolve, reject)
        })
      connect()
    })
}

/** Without a listener, a server that closes an idle connection ends the process. */
function listen(pool: PgPool): void {
  if (heard.has(pool)) return
  heard.add(pool)
  pool.on('error', ignore)
}

/** Whoever had it before has neither committed nor rolled back: a change would not last, a read would see an old state. */
function isInTransaction(client: PgClient): boolean {
  const status = client.getTransactionStatus?.() ?? 'I'
  return status !== 'I'
}

function send(
  client: PgClient,
  release: Release,
  { name, text, values }: Sent,
  patience: Patience,
  resolve: (column: readonly unknown[]) => void,
  reject: (error: Error) => void,
): void {
  let isEnded = false

  function end(error: Error | undefined): boolean {
    if (isEnded) return false
    isEnded = true
    patience.onOver.delete(cut)
    client.removeListener('error', ignore)
    release(error)
    return true
  }

  /** A connection without an answer in time is of no use to anybody: its server hangs, or is gone. */
  function cut(): boolean {
    if (end(new Error('no answer in time'))) reject(new Error('no answer in time'))
    return true
  }

  patience.onOver.add(cut)
  client.on('error', ignore)
  const query = { name: name ?? undefined, text, values, rowMode: 'array', types: AS_TEXT }
  try {
    client.query(query, (error, result) => {
      if (error) {
        if (end(isOrdinary(error) ? undefined : error)) reject(error)
        return
      }
      if (end(undefined)) resolve(result.rows.map(([column]) => column))
    })
  } catch (error) {
    const failure = error instanceof Error ? error : new Error('pg failed', { cause: error })
    if (end(failure)) reject(failure)
  }
}
