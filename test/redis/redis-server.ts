import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../support/free-port.ts'
import { runServer, temporaryFolder, withFreePorts } from '../support/servers/index.ts'

/** A running `redis-server` of its own, on a free port of 127.0.0.1 and in a temporary folder, in memory if there is room. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number
  /** Ends the process at once, as `kill -9` does; the folder stays. */
  kill(): Promise<void>
  /** Starts it again on the same port, with what it had written to its folder. */
  restart(options?: { readonly empty?: boolean }): Promise<void>
  /** Stops the process in its tracks, with its connections open, until it is thawed. */
  freeze(): void
  thaw(): void
  /** Freezes it so that new connections are not answered either, as if its host were gone. */
  vanish(): Promise<void>
  /** Ends the process and removes its folder. */
  stop(): Promise<void>
}

export interface ServerOptions {
  /** Lines of `redis.conf`, e.g. `maxmemory 10mb`. */
  readonly config?: readonly string[]
  /** Default false: a Redis server. */
  readonly sentinel?: boolean
}

const READY = /Ready to accept connections|\+monitor|Sentinel ID is/
/** How many connections wait for the server at most; those that come then are not answered. */
const BACKLOG = 128
const DATA = ['appendonlydir', 'dump.rdb']

export function startRedis(options: ServerOptions = {}): Promise<RedisServer> {
  return withFreePorts(() => startOnFreePort(options))
}

async function startOnFreePort({ config = [], sentinel = false }: ServerOptions): Promise<RedisServer> {
  const port = await freePort()
  const folder = await mkdtemp(join(temporaryFolder(), 'tessera-redis-'))
  const file = join(folder, 'redis.conf')
  const own = ['bind 127.0.0.1', `port ${port}`, `tcp-backlog ${BACKLOG}`, `dir ${folder}`, 'daemonize no']
  const lines = sentinel ? own : [...own, 'save ""']
  await writeFile(file, [...lines, ...config, ''].join('\n'))
  const command = sentinel ? [file, '--sentinel'] : [file]
  let running = await run(command, folder).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true })
    throw error
  })

  const waiting: Socket[] = []

  async function kill(): Promise<void> {
    for (const socket of waiting.splice(0)) socket.destroy()
    if (running.exitCode !== null || running.signalCode !== null) return
    const ended = once(running, 'exit')
    running.kill('SIGKILL')
    await ended
  }

  async function restart({ empty = false } = {}): Promise<void> {
    await kill()
    if (empty) await Promise.all(DATA.map((name) => rm(join(folder, name), { recursive: true, force: true })))
    running = await run(command, folder)
  }

  async function stop(): Promise<void> {
    await kill()
    await rm(folder, { recursive: true, force: true })
  }

  return {
    port,
    kill,
    restart,
    freeze: () => void running.kill('SIGSTOP'),
    thaw: () => void running.kill('SIGCONT'),
    async vanish() {
      running.kill('SIGSTOP')
      for (let isFull = false; !isFull; ) {
        const socket = connect(port, '127.0.0.1').unref()
        waiting.push(socket)
        isFull = !(await isAnswered(socket))
      }
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** Whether the system has taken a connection up, which it does at once or, with a full queue, not at all. */
function isAnswered(socket: Socket): Promise<boolean> {
  const connected = once(socket, 'connect').then(
    () => true,
    () => false,
  )
  return Promise.race([connected, wait(200, false)])
}

function run(args: readonly string[], folder: string): Promise<ChildProcess> {
  return runServer({ command: 'redis-server', args, folder, log: 'stdout', ready: READY })
}
