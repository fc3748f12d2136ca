import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../support/free-port.ts'

/** A TCP proxy in front of a server of 127.0.0.1 that can spoil its answers. */
export interface Proxy extends AsyncDisposable {
  readonly port: number
  /** Lets so many more bytes of answers through, in all connections together, and cuts the connection in that place. */
  cutAfter(bytes: number): void
  /** Keeps what the server answers until it is released. */
  hold(): void
  release(): void
  /** Delivers what the server answers so much later, in its order. */
  delay(ms: number): void
  /** Connects whoever comes from here on to another server, as a service address that moves does. */
  retarget(target: number): void
  stop(): Promise<void>
}

export async function startProxy(firstTarget: number): Promise<Proxy> {
  const sockets = new Set<Socket>()
  let target = firstTarget
  let passBefore = Number.POSITIVE_INFINITY
  let delayMs = 0
  let held: (() => void)[] | null = null

  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay()
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.pipe(upstream)
    let delivered: Promise<unknown> = Promise.resolve()
    upstream.on('data', (chunk) => {
      const mayGo = held === null ? wait(delayMs) : new Promise<void>((resolve) => held?.push(resolve))
      delivered = Promise.all([delivered, mayGo]).then(() => deliver(client, chunk))
    })
  })
  const port = await freePort()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')

  function deliver(client: Socket, chunk: Buffer): void {
    if (chunk.length <= passBefore) {
      passBefore -= chunk.length
      client.write(chunk)
      return
    }
    client.end(chunk.subarray(0, passBefore), () => client.destroy())
    passBefore = Number.POSITIVE_INFINITY
  }

  async function stop(): Promise<void> {
    for (const socket of sockets) socket.destroy()
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
    delay(ms) {
      delayMs = ms
    },
    retarget(next) {
      target = next
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
