import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../support/free-port.ts'
import { orStop, runServer, withFreePorts } from '../support/servers/index.ts'
import { ownFolder } from './own-folder.ts'
import type { PostgresServer } from './postgres-server.ts'
import { pgbouncerPath, serverUser } from './programs.ts'

/** A running pgbouncer in front of a server, on a free port of 127.0.0.1. */
export interface Pgbouncer extends AsyncDisposable {
  readonly port: number
  /** To the database `postgres` of the server. */
  readonly url: string
  stop(): Promise<void>
}

export interface PgbouncerOptions {
  /** When a connection of the server is given to another client: after the client's session, or after each transaction. */
  readonly mode: 'session' | 'transaction'
  /** How many connections to the server there are at most. Default 20. */
  readonly poolSize?: number
  /** The role of all clients. Default `postgres`. */
  readonly role?: string
}

export function startPgbouncer(server: PostgresServer, options: PgbouncerOptions): Promise<Pgbouncer> {
  return withFreePorts(() => start(server, options))
}

async function start(server: PostgresServer, options: PgbouncerOptions): Promise<Pgbouncer> {
  const { mode, poolSize = 20, role = 'postgres' } = options
  const port = await freePort()
  const folder = await ownFolder('pgbouncer')
  const removeFolder = () => rm(folder, { recursive: true, force: true })
  const file = join(folder, 'pgbouncer.ini')
  const lines = [
    ...['[databases]', `* = host=127.0.0.1 port=${server.port} user=${role}`],
    ...['[pgbouncer]', 'listen_addr = 127.0.0.1', `listen_port = ${port}`, 'unix_socket_dir =', 'auth_type = any'],
    ...[`pool_mode = ${mode}`, `default_pool_size = ${poolSize}`, 'max_client_conn = 400'],
    'ignore_startup_parameters = extra_float_digits',
  ]
  const child = await orStop(removeFolder, async () => {
    await writeFile(file, `${lines.join('\n')}\n`)
    const command = { command: pgbouncerPath(), args: [file], folder, log: 'stderr', ready: /process up/ } as const
    return runServer({ ...command, ...(serverUser && { user: serverUser }) })
  })

  async function stop(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }
    await removeFolder()
  }

  const url = `postgres://${role}@127.0.0.1:${port}/postgres`
  return { port, url, stop, [Symbol.asyncDispose]: stop }
}
