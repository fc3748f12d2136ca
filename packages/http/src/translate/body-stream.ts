import { Readable } from 'node:stream'
import { BODY_LIMIT } from '../message/message.ts'

/** A stream of the web, as far as reading takes. */
interface WebStream {
  readonly locked: boolean
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: unknown }>
    cancel(): Promise<unknown>
  }
}

/** The bytes of a body: a `Readable` of Node, such as a request, a `ReadableStream` of the web, or another iterable. */
export type BodyStream = AsyncIterable<unknown> | WebStream

/** What is left of a body over the limit is dropped for a while. So a client that sends it all reads its answer. */
const DROPPED_BYTES = 40 * BODY_LIMIT
const DROPPING_MS = 1_000

/** Whether somebody has read of the stream before. */
export function isUsed(stream: BodyStream): boolean {
  if (stream instanceof Readable) return stream.readableDidRead
  return isWeb(stream) && stream.locked
}

/** The pieces of a body. Whoever stops between two of them calls {@link dropRest}. */
export function piecesOf(stream: BodyStream): AsyncIterable<unknown> {
  // Else a request ends with its connection, and nobody can be answered.
  if (stream instanceof Readable) return stream.iterator({ destroyOnReturn: false })
  return isWeb(stream) ? piecesOfWeb(stream) : stream
}

/** Ends the connection of a client that goes on sending. */
export function dropRest(stream: BodyStream): void {
  if (!(stream instanceof Readable)) return
  let dropped = 0
  const timer = setTimeout(() => stream.destroy(), DROPPING_MS).unref()
  stream.once('close', () => clearTimeout(timer))
  stream.on('error', () => {}) // The client left.
  stream.on('data', (piece: { readonly length: number }) => {
    dropped += piece.length
    if (dropped > DROPPED_BYTES) stream.pause()
  })
  // The iterator before it lets go of the stream in the next turn.
  setImmediate(() => stream.resume())
}

async function* piecesOfWeb(stream: WebStream): AsyncIterable<unknown> {
  const reader = stream.getReader()
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value
  } finally {
    // Nobody waits for it, and after the end it does nothing.
    reader.cancel().catch(() => {})
  }
}

function isWeb(stream: BodyStream): stream is WebStream {
  return 'getReader' in stream
}
