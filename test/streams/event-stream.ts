import { once } from 'node:events'
import { connect } from 'node:net'

/** A client of a stream of server-sent events, over a socket of its own. */
export interface EventStream {
  /** What has arrived. */
  readonly text: () => string
  /** Resolves at the end of the stream, with the time of `performance.now()`. */
  readonly ended: Promise<number>
  /** Leaves, as a client does whose network is gone. */
  leave(): void
}

/** Opens a stream, and waits for its first event or for a refusal. */
export async function openStream(port: number, secret: string, path = '/stream'): Promise<EventStream> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  let text = ''
  // A server that stops cuts off.
  socket.on('error', () => {}).on('data', (chunk) => (text += String(chunk)))
  const ended = once(socket, 'close').then(() => performance.now())
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${secret}\r\nConnection: close\r\n\r\n`,
  )
  const opened = new Promise<void>((resolve) => {
    socket.on('data', () => text.includes('event: open') && resolve())
  })
  await Promise.race([opened, ended])
  if (!text.includes('event: open')) throw new Error(`the stream did not open: ${text}`)
  return { text: () => text, ended, leave: () => socket.destroy() }
}
