import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { repeat } from '../harness/repeat.ts'

/** Connections to one port that stay open. Each sends its next request when the answer to the one before is there. */
export interface Load {
  /** Sends so many requests. Rejects for an answer that is not 200. */
  send(times: number, nextRequest: () => Uint8Array): Promise<void>
  close(): void
}

interface Line {
  readonly socket: Socket
  readonly exchange: (request: Uint8Array) => Promise<void>
}

// A client of Node's own takes as much of a processor as the server does; this reads no more of an answer than it must.
export async function openLoad(port: number, connections: number): Promise<Load> {
  const lines = await Promise.all(Array.from({ length: connections }, () => openLine(port)))
  const idle = [...lines]
  return {
    send: (times, nextRequest) =>
      repeat(times, connections, async () => {
        const line = idle.pop()
        if (line === undefined) throw new Error('there are more callers than connections')
        await line.exchange(nextRequest())
        idle.push(line)
      }),
    close() {
      for (const { socket } of lines) socket.destroy()
    },
  }
}

async function openLine(port: number): Promise<Line> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  let received: Buffer = Buffer.alloc(0)
  let waiting: Waiting | null = null

  function settle(error?: Error): void {
    const { resolve, reject } = waiting ?? {}
    waiting = null
    received = Buffer.alloc(0)
    if (error === undefined) resolve?.()
    else reject?.(error)
  }

  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const answer = headOf(received)
    if (answer === null || received.length < answer.length) return
    settle(answer.status === '200' ? undefined : new Error(`the answer was ${answer.status}`))
  })
  socket.on('error', settle)
  socket.once('close', () => settle(new Error('the server closed the connection')))
  return {
    socket,
    exchange: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(request)
      }),
  }
}

interface Waiting {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** The status of an answer and its length as a whole, once its head has arrived. */
function headOf(received: Buffer): { readonly status: string; readonly length: number } | null {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return null
  const head = received.toString('latin1', 0, end)
  const bodyLength = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1])
  return { status: head.slice(9, 12), length: end + 4 + bodyLength }
}
