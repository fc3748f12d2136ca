import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'

export interface Answer {
  readonly status: number
  /** By lower-case name; a header sent twice with `, ` between. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Sent {
  /** Lines such as `Authorization: Bearer …`, as they are sent. */
  readonly headers?: readonly string[]
  readonly body?: string | Uint8Array
  /** Sends the body in chunks, without a length. */
  readonly chunked?: boolean
}

/** Sends one request over a connection of its own, and reads the answer to its end. */
export async function exchange(port: number, method: string, path: string, sent: Sent = {}): Promise<Answer> {
  const { headers = [], body, chunked = false } = sent
  const bytes = Buffer.from(body ?? '')
  const length = chunked
    ? ['Transfer-Encoding: chunked']
    : body === undefined
      ? []
      : [`Content-Length: ${bytes.length}`]
  const socket = open(port)
  socket.write(headOf(method, path, [...headers, ...length, 'Connection: close']))
  if (!chunked) socket.write(bytes)
  else socket.write(Buffer.concat([chunkOf(bytes), Buffer.from('0\r\n\r\n')]))
  return parsed(await buffer(socket))
}

/**
 * Sends a body of a megabyte without an end, and waits for an answer.
 *
 * @returns The status; 0 if there is none in time.
 */
export async function sendEndless(port: number, path: string, headers: readonly string[]): Promise<number> {
  const socket = open(port)
  const signal = AbortSignal.timeout(2_000)
  socket.write(headOf('POST', path, [...headers, 'Transfer-Encoding: chunked']))
  socket.write(chunkOf(Buffer.alloc(1_000_000, 'x')))
  try {
    const [answer] = await once(socket, 'data', { signal })
    return parsed(answer).status
  } catch {
    return 0
  } finally {
    socket.destroy()
  }
}

/** Sends the beginning of a request, and leaves. */
export async function leave(port: number, path: string, headers: readonly string[]): Promise<void> {
  const socket = open(port)
  socket.write(`${headOf('POST', path, [...headers, 'Content-Length: 1000'])}{"name"`, () => socket.destroy())
  await once(socket, 'close')
}

function open(port: number): Socket {
  // A server may cut off a client that is still sending.
  return connect(port, '127.0.0.1').on('error', () => {})
}

function headOf(method: string, path: string, headers: readonly string[]): string {
  return [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, '', ''].join('\r\n')
}

function chunkOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return bytes
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
}

function parsed(bytes: Buffer): Answer {
  const text = bytes.toString()
  const end = text.indexOf('\r\n\r\n')
  const [line = '', ...lines] = text.slice(0, Math.max(end, 0)).split('\r\n')
  const headers: Record<string, string> = {}
  for (const each of lines) {
    const colon = each.indexOf(':')
    const [name, value] = [each.slice(0, colon).toLowerCase(), each.slice(colon + 1).trim()]
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  const rest = text.slice(end + 4)
  const body = headers['transfer-encoding'] === 'chunked' ? withoutChunks(rest) : rest
  return { status: Number(line.split(' ')[1] ?? 0), headers, body }
}

/** Of ASCII, as all answers here are. */
function withoutChunks(text: string): string {
  const end = text.indexOf('\r\n')
  const length = Number.parseInt(text.slice(0, end), 16)
  return length > 0 ? text.slice(end + 2, end + 2 + length) + withoutChunks(text.slice(end + 4 + length)) : ''
}
