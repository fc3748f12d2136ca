import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { Socket, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../support/free-port.ts'

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
const MEMORY = '/dev/shm'
const ROOM_BYTES = 512 * 2 ** 20

export function startRedis(options: ServerOptions = {}): Promise<RedisServer> {
  return withFreePorts(() => startOnFreePort(options))
}

/** Starts once more, with other ports, where somebody took one between the moment it was found free and its use. */
export async function withFreePorts<Started>(start: () => Promise<Started>, attempts = 3): Promise<Started> {
  try {
    return await start()
  } catch (error) {
    if (attempts > 1 && /address already in use/i.test(String(error))) return withFreePorts(start, attempts - 1)
    throw error
  }
}

async function startOnFreePort({ config = [], sentinel = false }: ServerOptions): Promise<RedisServer> {
  const port = await freePort()
  const folder = await mkdtemp(join(await temporaryFolder(), 'tessera-redis-'))
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

/** In memory no stall of a shared disk makes an answer late, and what a killed process wrote is kept as well. */
async function temporaryFolder(): Promise<string> {
  const hasRoom = await statfs(MEMORY).then(
    ({ bavail, bsize }) => bavail * bsize >= ROOM_BYTES,
    () => false,
  )
  return hasRoom ? MEMORY : tmpdir()
}

/** Whether the system has taken a connection up, which it does at once or, with a full queue, not at all. */
function isAnswered(socket: Socket): Promise<boolean> {
  const connected = once(socket, 'connect').then(
    () => true,
    () => false,
  )
  return Promise.race([connected, wait(200, false)])
}

/** A shell that outlives this process, however that ends, sees its input closed then, kills the child and clears up. */
function endWithThisProcess(child: ChildProcess, folder: string): void {
  const command = ['-c', 'read -r _; kill -9 "$0"; rm -rf "$1"', String(child.pid), folder]
  const guard = spawn('sh', command, { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  if (guard.stdin instanceof Socket) guard.stdin.unref()
  guard.unref()
  child.once('exit', () => guard.kill('SIGKILL'))
}

/** Resolves when the server accepts connections. */
async function run(command: readonly string[], folder: string): Promise<ChildProcess> {
  const child = spawn('redis-server', command, { stdio: ['ignore', 'pipe', 'inherit'] })
  endWithThisProcess(child, folder)
  const log: string[] = []
  const lines = createInterface(child.stdout)
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`redis-server ended while it started:\n${log.join('\n')}`)))
    lines.on('line', (line) => {
      log.push(line)
      if (READY.test(line)) resolve()
    })
  })
  // The server does without its log from here on; neither the pipe nor the child keeps a test process from ending.
  lines.close()
  child.stdout.destroy()
  child.unref()
  return child
}
