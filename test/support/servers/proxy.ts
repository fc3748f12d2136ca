import { once } from 'node:events'
import { Socket, connect, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../free-port.ts'

/** A TCP proxy in front of a server of 127.0.0.1 that can spoil its answers, or lose everything. */
export interface Proxy extends AsyncDisposable {
  readonly port: number
  /** Lets so many more bytes of answers through, in all connections together, and cuts the connection in that place. */
  cutAfter(bytes: number): void
  /** Keeps what the server answers until it is released. */
  hold(): void
  release(): void
  /** How many answers are kept. */
  waiting(): number
  /** Delivers so many of the kept answers, the first ones first, and keeps the others. */
  letThrough(count: number): void
  /** Delivers what the server answers so much later, in its order. */
  delay(ms: number): void
  /**
   * Loses what either side sends from here on, as if the host were gone: nobody learns of it by a closed connection, and
   * new connections are never answered.
   */
  vanish(): void
  /** Lets everything through again. Whoever lost something is disconnected, as by a host that knows no such connection. */
  reappear(): void
  /** Connects whoever comes from here on to another server, as a service address that moves does. */
  retarget(target: number): void
  stop(): Promise<void>
}

/** @param chosenPort Where to listen. Default: any free port. */
export async function startProxy(firstTarget: number, chosenPort?: number): Promise<Proxy> {
  const sockets = new Set<Socket>()
  let target = firstTarget
  let passBefore = Number.POSITIVE_INFINITY
  let delayMs = 0
  let held: (() => void)[] | null = null
  let isGone = false

  const server = createServer((client) => {
    const upstream = isGone ? new Socket() : connect(target, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay()
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        if (isGone) return
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (chunk) => {
      if (!isGone) upstream.write(chunk)
    })
    let delivered: Promise<unknown> = Promise.resolve()
    upstream.on('data', (chunk) => {
      const mayGo = held === null ? wait(delayMs) : new Promise<void>((resolve) => held?.push(resolve))
      delivered = Promise.all([delivered, mayGo]).then(() => deliver(client, chunk))
    })
  })
  const port = chosenPort ?? (await freePort())
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')

  function deliver(client: Socket, chunk: Buffer): void {
    if (isGone) return
    if (chunk.length <= passBefore) {
      passBefore -= chunk.length
      client.write(chunk)
      return
    }
    client.end(chunk.subarray(0, passBefore), () => client.destroy())
    passBefore = Number.POSITIVE_INFINITY
  }

  function disconnect(): void {
    for (const socket of sockets) socket.destroy()
  }

  async function stop(): Promise<void> {
    disconnect()
    server.close()
    await once(server, 'close')
  }

  return {
    port,
    cutAfter(bytes) {
      passBefore = bytes
    },
    hold() {
      held ??= []
    },
    release() {
      const waiting = held ?? []
      held = null
      for (const send of waiting) send()
    },
    waiting: () => held?.length ?? 0,
    letThrough(count) {
      for (const send of held?.splice(0, count) ?? []) send()
    },
    delay(ms) {
      delayMs = ms
    },
    vanish() {
      isGone = true
    },
    reappear() {
      isGone = false
      disconnect()
    },
    retarget(next) {
      target = next
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
