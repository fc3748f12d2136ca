import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { orStop, startProxy, until } from '../support/servers/index.ts'
import type { Proxy } from '../support/servers/index.ts'
import { startFilled, startPostgres } from './postgres-server.ts'
import type { PostgresOptions, PostgresServer } from './postgres-server.ts'
import { postgresProgram, serverUser } from './programs.ts'

/** A primary with a standby that follows it asynchronously. */
export interface ReplicatedPostgres extends AsyncDisposable {
  readonly primary: PostgresServer
  readonly standby: PostgresServer
  /** Between the two. Clients of the primary go to it directly. */
  readonly link: Proxy
  /** Resolves when the standby has what the primary has now. */
  caughtUp(): Promise<void>
  /** Makes the standby a primary, whatever the other one does. Resolves when it takes changes. */
  promote(): Promise<void>
  stop(): Promise<void>
}

/** Starts both in about 1 s. */
export async function startWithStandby(options: PostgresOptions = {}): Promise<ReplicatedPostgres> {
  const primary = await startPostgres(options)
  const started: { stop(): Promise<void> }[] = [primary]
  const stop = async () => void (await Promise.all(started.map((server) => server.stop())))

  return orStop(stop, async () => {
    const link = await startProxy(primary.port)
    started.push(link)
    const standby = await startFilled((data) => backUp(link.port, data), options)
    started.push(standby)
    return {
      primary,
      standby,
      link,
      async caughtUp() {
        const position = await ask(primary, 'select pg_current_wal_flush_lsn()::text')
        await until(async () => {
          const isThere = `select (pg_last_wal_replay_lsn() >= '${position}')::text`
          return (await ask(standby, isThere)) === 'true'
        })
      },
      async promote() {
        await ask(standby, 'select pg_promote()::text')
      },
      stop,
      [Symbol.asyncDispose]: stop,
    }
  })
}

async function backUp(port: number, data: string): Promise<void> {
  const source = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres']
  const args = [...source, '-D', data, '--write-recovery-conf', '--checkpoint=fast', '--no-sync']
  await promisify(execFile)(postgresProgram('pg_basebackup'), args, { cwd: dirname(data), ...serverUser })
}

/** The one text that a statement answers. */
async function ask({ url }: PostgresServer, statement: string): Promise<string | null> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<[string | null]>({ text: statement, rowMode: 'array' })
    return rows[0]?.[0] ?? null
  } finally {
    await client.end()
  }
}
