import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What happens to a request, beside being answered. */
export type Fault =
  /** It is not carried out. */
  | { readonly kind: 'drop' }
  /** It is carried out, and the answer ends after some of its bytes. `isOpen`: it says nothing of its length. */
  | {
      readonly kind: 'cut'
      readonly at: (answer: { readonly head: number; readonly all: number }) => number
      readonly isOpen?: boolean
    }
  /** It is carried out, and never answered. `done` is called once it was. */
  | { readonly kind: 'hang'; readonly done: () => void }
  /** It is not carried out, and answered otherwise. */
  | { readonly kind: 'answer'; readonly answer: Response }

export interface FaultServer {
  readonly url: string
  /** Those so far: `GET /tokens`. */
  readonly requests: string[]
  /** The faults of the next requests, in their order; `null` for none. */
  readonly faults: (Fault | null)[]
  stop(): void
}

/** Serves an app on a real socket. Each request gets its own connection. */
export async function startFaultServer(app: (request: Request) => Promise<Response>): Promise<FaultServer> {
  const requests: string[] = []
  const faults: (Fault | null)[] = []
  const server = createServer((incoming) => {
    requests.push(`${incoming.method} ${incoming.url}`)
    serve(incoming, faults.shift() ?? null).catch((error: unknown) => incoming.socket.destroy(error as Error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function serve(incoming: IncomingMessage, fault: Fault | null): Promise<void> {
    const { socket } = incoming
    if (fault?.kind === 'drop') return void socket.destroy()
    const request = await requestOf(incoming, url)
    const { head, body } = await written(fault?.kind === 'answer' ? fault.answer : await app(request), fault)
    if (fault?.kind === 'hang') return fault.done()
    const bytes = Buffer.concat([head, body])
    if (fault?.kind !== 'cut') return void socket.end(bytes)
    socket.write(bytes.subarray(0, fault.at({ head: head.length, all: bytes.length })), () => {
      if (fault.isOpen === true) socket.end()
      else socket.destroy()
    })
  }

  function stop(): void {
    server.closeAllConnections()
    server.close()
  }

  return { url, requests, faults, stop }
}

async function requestOf(incoming: IncomingMessage, url: string): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const { method = 'GET', headers } = incoming
  const body = Buffer.concat(chunks)
  return new Request(url + String(incoming.url), {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    ...(body.length > 0 && { body }),
  })
}

async function written(response: Response, fault: Fault | null): Promise<{ head: Buffer; body: Buffer }> {
  const body = Buffer.from(await response.arrayBuffer())
  const isOpen = fault?.kind === 'cut' && fault.isOpen === true
  const headers = [...response.headers].filter(([name]) => name !== 'content-length')
  const length = isOpen ? [] : [['content-length', String(body.length)]]
  const lines = [...headers, ...length, ['connection', 'close']].map(([name, value]) => `${name}: ${value}\r\n`)
  return { head: Buffer.from(`HTTP/1.1 ${response.status} Status\r\n${lines.join('')}\r\n`), body }
}

/** Where an answer may end too early: a name for each, and the fault. */
export const CUTS: readonly (readonly [string, Fault])[] = [
  ['before the request', { kind: 'drop' }],
  ['before the answer', { kind: 'cut', at: () => 0 }],
  ['in the status line', { kind: 'cut', at: () => 11 }],
  ['in the headers', { kind: 'cut', at: ({ head }) => head >> 1 }],
  ['before the end of the headers', { kind: 'cut', at: ({ head }) => head - 1 }],
  ['after the headers', { kind: 'cut', at: ({ head }) => head }],
  ['in the body', { kind: 'cut', at: ({ head, all }) => (head + all) >> 1 }],
  ['before the last byte', { kind: 'cut', at: ({ all }) => all - 1 }],
  ['in the body, whose length is unknown', { kind: 'cut', at: ({ all }) => all - 2, isOpen: true }],
]
