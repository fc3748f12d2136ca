import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

const DRAIN_MS = 3_000

/**
 * Listens on 127.0.0.1; port 0 takes a free one. Headers may be long, so that a client that sends an oversized
 * credential gets the API's own answer.
 */
export async function listen(handler: RequestListener, port: number): Promise<{ server: Server; url: string }> {
  const server = createServer({ maxHeaderSize: 128 * 1024, keepAliveTimeout: 10_000 }, handler)
  server.on('clientError', answerUnreadable)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** Stops accepting, lets requests finish, and closes each connection when it is idle, within {@link DRAIN_MS}. */
export async function drain(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
  await closed
  clearInterval(idle)
  clearTimeout(late)
}

/** Node cannot make a request of what arrived, so no API can answer. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
  const body = JSON.stringify({ error: { code: 'invalid_request', message: 'This is not an HTTP request.' } })
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
