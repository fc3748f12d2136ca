import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { createTokens } from '@tessera/core'
import type { Tokens, Watch } from '@tessera/core'
import * as express from '@tessera/express'
import * as fastify from '@tessera/fastify'
import { protect } from '@tessera/fetch'
import { memoryStore } from '@tessera/memory-store'
import createExpress from 'express'
import { fastify as createFastify } from 'fastify'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openStream } from './event-stream.ts'

const SCOPES = { scopes: ['jobs:read'] }
const WITHIN = { withinMs: 500 }
const HEAD = { 'Content-Type': 'text/event-stream' }
const FIRST = 'event: open\ndata: {}\n\n'

function onExpress(tokens: Tokens): RequestListener {
  const app = createExpress()
  app.get('/stream', express.authenticate(tokens, SCOPES), (req, res) => {
    const { signal } = express.watchAuth(req, res, WITHIN)
    res.writeHead(200, HEAD).write(FIRST)
    signal.addEventListener('abort', () => res.end())
  })
  return app
}

async function onFastify(tokens: Tokens): Promise<RequestListener> {
  const app = createFastify()
  app.get('/stream', { onRequest: fastify.requireToken(tokens, SCOPES) }, (request, reply) => {
    const { signal } = fastify.watchAuth(request, reply, WITHIN)
    const events = new PassThrough()
    events.write(FIRST)
    signal.addEventListener('abort', () => events.end())
    return reply.headers(HEAD).send(events)
  })
  await app.ready()
  return (req, res) => app.routing(req, res)
}

/** A platform of the web, in a few lines: its requests end with their connections. */
function onFetch(tokens: Tokens): RequestListener {
  const stream = protect(tokens, SCOPES, (_, auth) => {
    const { signal, close } = auth.watch(WITHIN)
    const body = new ReadableStream<string>({
      start(events) {
        events.enqueue(FIRST)
        signal.addEventListener('abort', () => events.close(), { once: true })
      },
      cancel: close,
    })
    return new Response(body.pipeThrough(new TextEncoderStream()), { headers: HEAD })
  })
  return (req, res) => {
    const gone = new AbortController()
    res.once('close', () => gone.abort())
    const headers = { authorization: req.headers.authorization ?? '' }
    void stream(new Request(`http://127.0.0.1${req.url}`, { headers, signal: gone.signal })).then(
      ({ status, body }) => {
        res.writeHead(status, HEAD)
        if (body === null) res.end()
        else
          Readable.fromWeb(body as never)
            .on('error', () => {})
            .pipe(res)
      },
    )
  }
}

describe.each([
  ['express', onExpress],
  ['fastify', onFastify],
  ['fetch', onFetch],
])('a stream behind @tessera/%s', (_, serve) => {
  const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat' })
  let server: Server
  let port: number

  beforeAll(async () => {
    server = createServer(await serve(tokens)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  const issue = () => tokens.issue({ owner: 'acme', name: 'CI', scopes: ['jobs:read', 'jobs:write'] })
  const noneIsOpen = () => vi.waitFor(() => expect(tokens.stats().watches).toBe(0))

  it('ends once its token lacks the scope of the route, and frees its watch', async () => {
    const { token, secret } = await issue()
    const stream = await openStream(port, secret)
    await tokens.edit('acme', token.id, { scopes: ['jobs:write'] })
    await stream.ended
    expect(stream.text()).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    await noneIsOpen()
  })

  it('frees its watch once its client is gone', async () => {
    const streams = await Promise.all([1, 2].map(async () => openStream(port, (await issue()).secret)))
    expect(tokens.stats().watches).toBe(2)
    for (const stream of streams) stream.leave()
    await noneIsOpen()
  })
})

describe('a watch of a request', () => {
  const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat' })

  async function watched(options: object, request: Request, withinMs = 500): Promise<Watch> {
    const watches: Watch[] = []
    const handle = protect(tokens, options, (_, auth) => {
      watches.push(auth.watch({ withinMs }))
      return new Response()
    })
    await handle(request)
    const [watch] = watches
    if (watch === undefined) throw new Error('the request was refused')
    return watch
  }

  it('is refused with a reason for a person, for a wrong option, and for tokens that cannot watch', async () => {
    const request = new Request('http://localhost/')
    const caller = () => ({ owner: 'acme', scopes: null })
    await expect(watched({ caller }, request)).rejects.toThrow('watch: the caller has no token')
    const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    const asked = new Request(request, { headers: { authorization: `Bearer ${secret}` } })
    await expect(watched({}, asked, 5)).rejects.toThrow('watch: option "withinMs" must be a whole number')
    const { verify, permits } = tokens
    const handle = protect({ verify, permits }, {}, (_, auth) => Response.json(auth.watch().signal.aborted))
    await expect(handle(asked)).rejects.toThrow('watch: the authenticator has no "watch"')
  })

  it('ends at once if the client is gone already', async () => {
    const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    const headers = { authorization: `Bearer ${secret}` }
    const watch = await watched({}, new Request('http://localhost/', { headers, signal: AbortSignal.abort() }))
    expect([watch.signal.reason.code, tokens.stats().watches]).toEqual(['closed', 0])
  })
})
