import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { IncomingHttpHeaders, OutgoingHttpHeaders, RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** `undefined` for a body that is not JSON. */
  readonly json: unknown
}

export interface AskOptions {
  /** A list of names and values in turn sends a header twice. */
  readonly headers?: OutgoingHttpHeaders | readonly string[]
  /** Sent with its length, or in chunks where the headers ask for that. */
  readonly body?: string | Uint8Array
}

export type Ask = (method: string, path: string, options?: AskOptions) => Promise<Reply>

/** Serves an app on a free port of 127.0.0.1 until the test ends, and gives a client of it. */
export async function serve(app: RequestListener): Promise<Ask> {
  const port = await listen(app)
  return async (method, path, { headers = {}, body } = {}) => {
    const length = body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))]
    const listed = Array.isArray(headers) ? ['Host', '127.0.0.1', ...headers, ...length] : headers
    const sent = request({ host: '127.0.0.1', port, method, path, headers: listed as OutgoingHttpHeaders })
    const answered = once(sent, 'response')
    sent.end(body)
    const [response] = await answered
    const content = await text(response)
    return { status: response.statusCode, headers: response.headers, text: content, json: parsed(content) }
  }
}

/** The port of 127.0.0.1 that the app listens on until the test ends. */
export async function listen(app: RequestListener): Promise<number> {
  const server = createServer(app).listen(0, '127.0.0.1')
  onTestFinished(() => close(server))
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
