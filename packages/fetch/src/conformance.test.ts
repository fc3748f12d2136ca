import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve as listen } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { testAdapter } from '@tessera/adapter-conformance'
import type { Fixture, ServedFixture } from '@tessera/adapter-conformance'
import { cursor, plain } from '@tessera/http'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { protect } from './protect.ts'
import { serveHandler } from './serve-handler.ts'
import { tokenHandler } from './token-handler.ts'

function edited(request: Request): Request {
  const headers = new Headers(request.headers)
  headers.delete('authorization')
  const given = headers.get('x-authorization')
  if (given !== null) headers.set('authorization', given)
  return new Request(request, { headers })
}

async function serve({ tokens, personOf, onError, revoke, introspect, metadata }: Fixture): Promise<ServedFixture> {
  const caller = (request: Request) => personOf(request.headers.get('cookie'))
  const owner = (_: Request, auth: { readonly caller: { readonly owner: string } | null }) =>
    Response.json({ owner: auth.caller?.owner ?? null })
  const scopes = ['jobs:read']
  const near = (_: Request, context: Context) => getConnInfo(context).remote.address
  const admitted = protect(tokens, { onError }, owner)
  const routes: Readonly<Record<string, (request: Request, context: Context) => Promise<Response>>> = {
    '/jobs': protect(tokens, { onError, scopes }, owner),
    '/edited': (request) => admitted(edited(request)),
    '/optional': protect(tokens, { onError, optional: true }, owner),
    '/carried': protect(tokens, { onError, carriers: { query: true } }, owner),
    '/networks': protect(tokens, { onError, clientAddress: near }, owner),
    '/mixed': protect(tokens, { onError, scopes, caller }, owner),
    '/tokens/*': tokenHandler(tokens, { basePath: '/tokens', onError, dialect: plain }),
    '/me/tokens/*': tokenHandler(tokens, { basePath: '/me/tokens', onError, dialect: plain, caller }),
    '/orgs/:orgID/api-tokens/*': tokenHandler(tokens, {
      basePath: '/orgs/:orgID/api-tokens',
      onError,
      dialect: cursor,
    }),
    '/oauth/revoke': serveHandler(revoke),
    '/oauth/introspect': serveHandler(introspect),
    '/.well-known/oauth-protected-resource': serveHandler(metadata),
  }
  const app = new Hono().get('/open', (context) => context.text('open'))
  for (const [path, route] of Object.entries(routes)) app.all(path, (context) => route(context.req.raw, context))
  app.onError((_error, context) => context.text('a fault', 500))

  const server = listen({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, close: () => (server.closeAllConnections(), server.close()) }
}

testAdapter({ name: "@tessera/fetch on Hono's Node server", serve })
