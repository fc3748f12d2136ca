import { testAdapter } from '@tessera/adapter-conformance'
import type { Fixture, ServedFixture } from '@tessera/adapter-conformance'
import { cursor, plain } from '@tessera/http'
import { fastify } from 'fastify'
import type { FastifyRequest } from 'fastify'
import { findCaller } from './auth.ts'
import { handlerPlugin } from './handler-plugin.ts'
import { tessera } from './tessera.ts'
import { tokenPlugin } from './token-plugin.ts'

async function serve({ tokens, personOf, onError, revoke, introspect, metadata }: Fixture): Promise<ServedFixture> {
  const app = fastify({ forceCloseConnections: true })
  const caller = ({ headers }: FastifyRequest) => personOf(headers.cookie)
  const owner = async (request: FastifyRequest) => ({ owner: findCaller(request)?.owner ?? null })
  const scopes = ['jobs:read']

  await app.register(tessera, { tokens, onError })
  app.get('/open', async () => 'open')
  app.get('/jobs', { onRequest: app.requireToken({ scopes }) }, owner)
  const edit = async (request: FastifyRequest) => {
    const { 'x-authorization': given } = request.headers
    if (given === undefined) delete request.headers.authorization
    else request.headers.authorization = String(given)
  }
  app.get('/edited', { onRequest: [edit, app.requireToken()] }, owner)
  app.get('/optional', { onRequest: app.requireToken({ optional: true }) }, owner)
  app.get('/carried', { onRequest: app.requireToken({ carriers: { query: true } }) }, owner)
  app.get('/networks', { onRequest: app.requireToken({ clientAddress: ({ ip }) => ip }) }, owner)
  app.get('/mixed', { onRequest: app.requireToken({ scopes, caller }) }, owner)
  app.register(tokenPlugin, { prefix: '/tokens', tokens, onError, dialect: plain })
  app.register(tokenPlugin, { prefix: '/me/tokens', tokens, onError, dialect: plain, caller })
  app.register(tokenPlugin, { prefix: '/orgs/:orgID/api-tokens', tokens, onError, dialect: cursor })
  app.register(handlerPlugin, { prefix: '/oauth/revoke', handler: revoke })
  app.register(handlerPlugin, { prefix: '/oauth/introspect', handler: introspect })
  app.register(handlerPlugin, { prefix: '/.well-known/oauth-protected-resource', handler: metadata })

  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  return { port: Number(port), close: () => app.close() }
}

testAdapter({ name: '@tessera/fastify', serve })
