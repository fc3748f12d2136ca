import { execFile } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../support/free-port.ts'
import { orStop, runServer, until, withFreePorts } from '../support/servers/index.ts'
import { ownFolder } from './own-folder.ts'
import { postgresProgram, serverUser } from './programs.ts'
import { copyTemplate } from './template.ts'

/** A running PostgreSQL of its own, on a free port of 127.0.0.1 and in a temporary folder, in memory if there is room. */
export interface PostgresServer extends AsyncDisposable {
  readonly port: number
  /** To the database `postgres`, as the superuser. Every role may connect, without a password. */
  readonly url: string
  /** Ends all its processes at once, as a machine that loses power does; what was written stays. */
  kill(): Promise<void>
  /** Starts it again on the same port, with what it had written. */
  restart(): Promise<void>
  /** Stops all its processes in their tracks, with their connections open, until they are thawed. */
  freeze(): Promise<void>
  thaw(): void
  /** Ends all its processes and removes its folder. */
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** What `postgresql.conf` would say otherwise, e.g. `{ max_connections: 20 }`. */
  readonly settings?: Readonly<Record<string, string | number>>
  /** Where its folder is made, which other users must be able to enter. Default: in memory, if there is room. */
  readonly parent?: string
}

const READY = /database system is ready to accept/
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  // In its folder, and not where it stays when the server is killed.
  dynamic_shared_memory_type: 'mmap',
}

/** An empty server, for a test file or a single test: it starts in about 0.2 s. */
export function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  return startFilled(copyTemplate, options)
}

/** @param fill Fills the server's folder, of which it gets the path, but which is not there yet. */
export function startFilled(
  fill: (data: string) => Promise<void>,
  options: PostgresOptions = {},
): Promise<PostgresServer> {
  return withFreePorts(async () => {
    const folder = await ownFolder('postgres', options.parent)
    const removeFolder = () => rm(folder, { recursive: true, force: true })
    return orStop(removeFolder, async () => {
      await fill(join(folder, 'data'))
      return startIn(folder, options)
    })
  })
}

async function startIn(folder: string, { settings = {} }: PostgresOptions): Promise<PostgresServer> {
  const port = await freePort()
  const data = join(folder, 'data')
  const all = Object.entries({ ...SETTINGS, port, ...settings })
  const args = ['-D', data, ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const command = { command: postgresProgram('postgres'), args, folder, log: 'stderr', ready: READY } as const
  const run = () => runServer({ ...command, ...(serverUser && { user: serverUser }) })
  let running = await run()
  let frozen: readonly number[] = []

  async function freeze(): Promise<void> {
    frozen = await signalAll(running, 'SIGSTOP')
  }

  function thaw(): void {
    for (const pid of frozen) signal(pid, 'SIGCONT')
    frozen = []
  }

  const isRunning = () => running.exitCode === null && running.signalCode === null

  async function kill(): Promise<void> {
    if (!isRunning()) return
    const ended = once(running, 'exit')
    // First all are stopped: none of them sees another one end, and none is started meanwhile.
    const pids = await signalAll(running, 'SIGSTOP')
    for (const pid of pids) signal(pid, 'SIGKILL')
    await ended
    for (const pid of pids) await until(() => hasEnded(pid), { everyMs: 5 })
  }

  async function restart(): Promise<void> {
    await kill()
    running = await run()
  }

  async function stop(): Promise<void> {
    if (isRunning()) {
      const ended = once(running, 'exit')
      thaw()
      running.kill('SIGQUIT')
      await ended
    } else {
      await removeSharedMemory(data)
    }
    await rm(folder, { recursive: true, force: true })
  }

  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  return { port, url, kill, restart, freeze, thaw, stop, [Symbol.asyncDispose]: stop }
}

/** A killed server leaves a segment behind, of which it wrote down the id, and the system holds a limited number. */
async function removeSharedMemory(data: string): Promise<void> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const id = lines[6]?.trim().split(/\s+/)[1]
  if (id !== undefined) await promisify(execFile)('ipcrm', ['-m', id]).catch(() => {})
}

/** Sends a signal to a server, and then to each of the processes that it has started. */
async function signalAll(server: ChildProcess, name: NodeJS.Signals): Promise<readonly number[]> {
  const pid = server.pid ?? 0
  signal(pid, name)
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const pids = children.split(' ').filter(Boolean).map(Number)
  for (const child of pids) signal(child, name)
  return [pid, ...pids]
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended meanwhile.
  }
}

/** Whether a process has ended; its parent may not have noticed yet. */
async function hasEnded(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat === '' || /\) [ZX] /.test(stat)
}
