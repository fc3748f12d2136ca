import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cursor, gate, mountAt, nodeHeaders, operationNames, plain, readStream, tokenEndpoint } from '@tessera/http'
import type { GateOptions, GateRequest, Handler, HttpRequest, HttpResponse, NodeHeaders } from '@tessera/http'
import type { Fixture } from './fixture.ts'
import type { ServedFixture } from './served.ts'

/** The decisions of an adapter on Node's own server, each to be made wrong. */
export interface Parts {
  headers(req: NodeHeaders): HttpRequest['headers']
  body(req: IncomingMessage, headers: HttpRequest['headers']): Promise<unknown>
  decoded: boolean
  ip(req: IncomingMessage): string | undefined
  /** Changes the options of a gate, and a request for it. */
  options(options: GateOptions): GateOptions
  gated(request: GateRequest, req: IncomingMessage): GateRequest
  /** Changes a request for a handler, or its answer. */
  request(request: HttpRequest): HttpRequest | Promise<HttpRequest>
  answer(answer: HttpResponse, req: IncomingMessage): HttpResponse
  pathname(path: string): string
  /** The answer to a fault. */
  fault(error: unknown): HttpResponse
}

const right: Parts = {
  headers: (req) => nodeHeaders(req),
  body: (req, headers) => readStream(req, { contentEncoding: headers['content-encoding'] }),
  decoded: true,
  ip: ({ socket }) => socket.remoteAddress,
  options: (options) => options,
  gated: (request) => request,
  request: (request) => request,
  answer: (answer) => answer,
  pathname: (path) => path,
  fault: () => text(500, 'a fault'),
}

type Route = (request: HttpRequest, req: IncomingMessage) => Promise<HttpResponse>

/** An adapter whose answers are those of all, but for the parts given. */
export const nodeAdapter =
  (wrong: Partial<Parts> = {}): ((fixture: Fixture) => Promise<ServedFixture>) =>
  async (fixture) => {
    const parts = { ...right, ...wrong }
    const routes = routesOf(fixture, parts)

    async function answer(req: IncomingMessage): Promise<HttpResponse> {
      const [path = '/', query = ''] = (req.url ?? '/').split('?')
      if (path === '/edited') edit(req)
      const headers = parts.headers(req)
      for (const [mountedAt, route] of routes) {
        const at = mountedAt(parts.pathname(path))
        if (at === null) continue
        const { method = 'GET' } = req
        const readBody = () => parts.body(req, headers)
        const asked = { method, query, headers, ...at, caller: null, decoded: parts.decoded, readBody }
        return route(asked, req)
      }
      return text(404, 'the app')
    }

    const server = createServer((req, res) => {
      answer(req)
        .catch(parts.fault)
        .then((given) => {
          const { status, headers, body } = parts.answer(given, req)
          res.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) }).end(body)
        })
        .catch(() => res.destroy())
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return { port, close: () => (server.closeAllConnections(), server.close()) }
  }

function routesOf(fixture: Fixture, parts: Parts): [ReturnType<typeof mountAt>, Route][] {
  const { tokens, onError } = fixture
  const caller = (request: HttpRequest) => () => fixture.personOf(request.headers['cookie']?.[0])

  function gated(options: GateOptions, { people = false, address = false } = {}) {
    const decide = gate(tokens, parts.options({ onError, ...options }))
    return (request: HttpRequest, req: IncomingMessage) => {
      const { method, query, headers } = request
      const known = { ip: address ? parts.ip(req) : null, ...(people && { caller: caller(request) }) }
      return decide(parts.gated({ method, query, headers, ...known }, req))
    }
  }

  const owner = (options: GateOptions, who = {}): Route => {
    const decide = gated(options, who)
    return async (request, req) => {
      const admission = await decide(request, req)
      if (!admission.ok) return admission.answer
      const body = JSON.stringify({ owner: admission.caller?.owner ?? null })
      return { status: 200, headers: { ...admission.headers, 'Content-Type': 'application/json' }, body }
    }
  }
  const below =
    (handle: Handler): Route =>
    async (request) =>
      request.path === '/' ? handle(await parts.request(request)) : text(404, 'the app')

  function manage(dialect: typeof plain, people = false): Route {
    const findHandler = tokenEndpoint(tokens, { dialect, onError }, operationNames)
    const decide = gated({ dialect })
    return async (request, req) => {
      const handle = findHandler(request)
      if (handle === null) return text(404, 'the app')
      if (people) return handle(await parts.request({ ...request, caller: caller(request) }))
      const admission = await decide(request, req)
      return admission.ok ? handle(await parts.request({ ...request, ...admission.facts })) : admission.answer
    }
  }

  const scopes = ['jobs:read']
  const table: Readonly<Record<string, Route>> = {
    '/open': async () => text(200, 'open'),
    '/jobs': owner({ scopes }),
    '/edited': owner({}),
    '/optional': owner({ optional: true }),
    '/carried': owner({ carriers: { query: true } }),
    '/networks': owner({}, { address: true }),
    '/mixed': owner({ scopes }, { people: true }),
    '/tokens': manage(plain),
    '/me/tokens': manage(plain, true),
    '/orgs/:orgID/api-tokens': manage(cursor),
    '/oauth/revoke': below(fixture.revoke),
    '/oauth/introspect': below(fixture.introspect),
    '/.well-known/oauth-protected-resource': below(fixture.metadata),
  }
  return Object.entries(table).map(([path, route]) => [mountAt(path), route])
}

function edit({ headers }: IncomingMessage): void {
  const { 'x-authorization': given } = headers
  if (given === undefined) delete headers.authorization
  else headers.authorization = String(given)
}

function text(status: number, body: string): HttpResponse {
  return { status, headers: { 'Content-Type': 'text/plain' }, body }
}
