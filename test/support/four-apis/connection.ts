import { connect as openSocket } from 'node:net'
import { readAnswer } from './answer.ts'
import type { Answer } from './answer.ts'

/** A keep-alive connection to an HTTP/1.1 server, which sends exactly the bytes it is given. */
export interface Connection {
  write(bytes: Uint8Array | string): void
  /** The answer to the oldest request that has none yet. Rejects when the connection ends before it is complete. */
  next(isHead?: boolean): Promise<Answer>
  /** Writes a whole request and waits for its answer. More may be sent meanwhile: answers come in the same order. */
  send(request: Uint8Array): Promise<Answer>
  /** Resolves when the connection has ended, from either side. */
  readonly closed: Promise<void>
  close(): void
}

interface Waiting {
  readonly isHead: boolean
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

export async function connect(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url)
  const socket = openSocket({ host: hostname, port: Number(port), noDelay: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  const waiting: Waiting[] = []
  let received: Buffer = Buffer.alloc(0)

  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    deliver()
  })
  // An end with an error is an end: `closed` tells of it, and whoever still waits for an answer.
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  void closed.then(() => {
    const reason = socket.errored?.message ?? 'the server closed it'
    for (const each of waiting.splice(0)) each.reject(new Error(`the connection ended without an answer: ${reason}`))
  })

  function deliver(): void {
    try {
      for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
        const read = readAnswer(received, first.isHead)
        if (read === null) return
        received = received.subarray(read.length)
        waiting.shift()
        first.resolve(read.answer)
      }
    } catch (error) {
      socket.destroy(error as Error)
    }
  }

  const write = (bytes: Uint8Array | string): void => void socket.write(bytes)

  function next(isHead = false): Promise<Answer> {
    return new Promise((resolve, reject) => {
      waiting.push({ isHead, resolve, reject })
      deliver()
      if (socket.destroyed) reject(new Error('the connection has ended'))
    })
  }

  function send(request: Uint8Array): Promise<Answer> {
    write(request)
    return next(Buffer.from(request.subarray(0, 5)).toString('latin1') === 'HEAD ')
  }

  return { write, next, send, closed, close: () => void socket.destroy() }
}

/** One request on a connection of its own. */
export async function exchange(url: string, request: Uint8Array): Promise<Answer> {
  const connection = await connect(url)
  try {
    return await connection.send(request)
  } finally {
    connection.close()
  }
}
