import type { ServerResponse } from 'node:http'
import { REFUSED_BODY } from './guard-options.ts'
import type { Guard } from './guard-options.ts'
import { leakDetector } from './leak-detector.ts'

type Callback = (error?: Error | null) => void

/** The arguments of `write` and `end`, whose middle ones may be left out. */
type Sent = readonly [chunk?: unknown, encoding?: unknown, callback?: unknown]

/** Replaces the methods of a response that send something. The head waits for the first bytes of the body. */
export function guardResponse(
  response: ServerResponse,
  { prefixes, secretIn }: Guard,
  onLeak: (secret: string) => void,
): void {
  const original = {
    writeHead: response.writeHead,
    flushHeaders: response.flushHeaders,
    addTrailers: response.addTrailers,
    writeEarlyHints: response.writeEarlyHints,
    write: response.write,
    end: response.end,
  }
  const detector = leakDetector(prefixes)
  /** HTTP/2 has none, and warns of the question. */
  const hasPhrase = response.req.httpVersionMajor < 2
  const hasBody = response.req.method !== 'HEAD'
  let head: unknown[] | null = null
  /** Node's own methods call each other. */
  let isSending = false
  let isRefused = false

  function send<Answer>(method: keyof typeof original, args: readonly unknown[]): Answer {
    const before = isSending
    isSending = true
    try {
      return Reflect.apply(original[method], response, args) as Answer
    } finally {
      isSending = before
    }
  }

  /** Sends the head that waits, unless it holds a secret. */
  function sendHead(): void {
    if (response.headersSent) return
    const given = head
    head = null
    if (!passes([response.getHeaders(), hasPhrase && response.statusMessage, given]) || given === null) return
    try {
      send('writeHead', given)
    } catch (error) {
      // Node refuses it, so the app answers anew: without the bytes that waited.
      detector.rest()
      throw error
    }
  }

  /** Refuses the response if there is a secret in this part of it. */
  function passes(part: unknown): boolean {
    const secret = secretIn(part)
    if (secret !== null) refuse(secret)
    return secret === null
  }

  function refuse(secret: string): void {
    isRefused = true
    onLeak(secret)
    if (response.headersSent) return void response.destroy()
    for (const name of response.getHeaderNames()) response.removeHeader(name)
    if (hasPhrase) response.statusMessage = ''
    send('writeHead', [500, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }])
    send('end', [REFUSED_BODY])
  }

  /** The bytes to send on; none if there is a secret. */
  function look(chunk: unknown, encoding: unknown): Uint8Array {
    const bytes = bytesOf(chunk, encoding)
    const found = hasBody ? detector.push(bytes) : bytes
    if (typeof found !== 'string') return found
    refuse(found)
    return new Uint8Array()
  }

  function write(...args: Sent): boolean {
    if (isSending) return send('write', args)
    const { chunk, encoding, callback } = parse(args)
    const bytes = isRefused ? new Uint8Array() : look(chunk, encoding)
    if (!isRefused) sendHead()
    if (!isRefused && bytes.length > 0) return send('write', [bytes, callback])
    if (callback !== undefined) process.nextTick(callback)
    return true
  }

  function end(...args: Sent): ServerResponse {
    if (isSending) return send('end', args)
    const { chunk, encoding, callback } = parse(args)
    const bytes = isRefused || chunk === undefined ? new Uint8Array() : look(chunk, encoding)
    if (!isRefused) sendHead()
    if (isRefused) {
      if (callback !== undefined) process.nextTick(callback)
      return response
    }
    const all = Buffer.concat([bytes, detector.rest()])
    return send('end', all.length > 0 ? [all, callback] : [callback])
  }

  Object.assign(response, {
    write,
    end,
    writeHead(...args: unknown[]): ServerResponse {
      if (isSending) return send('writeHead', args)
      if (!isRefused) head = args
      return response
    },
    flushHeaders(): void {
      if (!isSending && !isRefused) sendHead()
      if (!isRefused) send('flushHeaders', [])
    },
    addTrailers(trailers: unknown): void {
      if (!isRefused && passes(trailers)) send('addTrailers', [trailers])
    },
    writeEarlyHints(...args: unknown[]): void {
      if (!isRefused && passes(args)) send('writeEarlyHints', args)
    },
  })
}

function parse([chunk, encoding, callback]: Sent): {
  readonly chunk: unknown
  readonly encoding: unknown
  readonly callback: Callback | undefined
} {
  const last = [callback, encoding, chunk].find((each) => typeof each === 'function') as Callback | undefined
  return { chunk: typeof chunk === 'function' ? undefined : (chunk ?? undefined), encoding, callback: last }
}

function bytesOf(chunk: unknown, encoding: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  if (typeof chunk !== 'string') throw new TypeError('a response is text or bytes')
  return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
}
