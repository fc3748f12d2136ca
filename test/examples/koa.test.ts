import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { testAdapter } from '@tessera/adapter-conformance'
import type { Fixture, ServedFixture } from '@tessera/adapter-conformance'
import { cursor, operationNames, plain, tokenEndpoint } from '@tessera/http'
import type { GateOptions, GateRequest, Handler } from '@tessera/http'
import Koa from 'koa'
import type { Context, Middleware } from 'koa'
import { describe, expect, it } from 'vitest'
import { requireToken, serveBelow } from '../../examples/koa/tessera.js'
import { freePort } from '../support/free-port.ts'
import { root, runProcess } from '../support/run-process.ts'

async function serve({ tokens, personOf, onError, revoke, introspect, metadata }: Fixture): Promise<ServedFixture> {
  const app = new Koa()
  app.silent = true
  const caller =
    ({ headers }: Context) =>
    () =>
      personOf(headers.cookie)

  function get(path: string, answer: Middleware): void {
    app.use((context, next) => (context.path === path ? answer(context, next) : next()))
  }
  function owner(
    path: string,
    options: Omit<GateOptions, 'onRefusal'>,
    knownOf?: (context: Context) => Partial<GateRequest>,
  ) {
    const admit = requireToken(tokens, { onError, ...options }, knownOf)
    get(path, (context, next) =>
      admit(context, async () => {
        context.body = { owner: context.state['auth'].caller?.owner ?? null }
        return next()
      }),
    )
  }
  function manage(path: string, dialect: typeof plain, admit = requireToken(tokens, { onError, dialect })): void {
    app.use(serveBelow(path, tokenEndpoint(tokens, { onError, dialect }, operationNames), admit))
  }
  const handler = (path: string, handle: Handler) =>
    app.use(serveBelow(path, (request) => (request.path === '/' ? handle : null)))

  get('/open', (context) => void (context.body = 'open'))
  get('/edited', ({ headers }, next) => {
    const { 'x-authorization': given } = headers
    if (given === undefined) delete headers.authorization
    else headers.authorization = String(given)
    return next()
  })
  owner('/jobs', { scopes: ['jobs:read'] })
  owner('/edited', {})
  owner('/optional', { optional: true })
  owner('/carried', { carriers: { query: true } })
  owner('/networks', {}, ({ ip }) => ({ ip }))
  owner('/mixed', { scopes: ['jobs:read'] }, (context) => ({ caller: caller(context) }))
  manage('/tokens', plain)
  manage('/me/tokens', plain, (context, next) => {
    context.state['auth'] = { facts: { caller: caller(context) } }
    return next()
  })
  manage('/orgs/:orgID/api-tokens', cursor)
  handler('/oauth/revoke', revoke)
  handler('/oauth/introspect', introspect)
  handler('/.well-known/oauth-protected-resource', metadata)

  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, close: () => (server.closeAllConnections(), server.close()) }
}

testAdapter({ name: 'examples/koa', serve })

describe('examples/koa', () => {
  it('has an adapter of less than 40 lines', () => {
    const lines = readFileSync(join(root, 'examples/koa/tessera.js'), 'utf8').split('\n')
    expect(lines.filter((line) => line.trim() !== '' && !line.startsWith('/**')).length).toBeLessThan(40)
  })

  it('is an app with tokens', async () => {
    const port = await freePort()
    const app = runProcess(process.execPath, [join(root, 'examples/koa/server.js')], { env: { PORT: String(port) } })
    const authorization = (await app.firstLine()).replace('Authorization: ', '')
    const ask = (path: string, headers = {}) => fetch(`http://127.0.0.1:${port}${path}`, { headers })
    expect(await (await ask('/jobs', { authorization })).json()).toEqual({ jobs: [], owner: 'acme' })
    const statuses = [await ask('/jobs'), await ask('/tokens', { authorization }), await ask('/tokens'), await ask('/')]
    expect(statuses.map(({ status }) => status)).toEqual([401, 200, 401, 404])
    const body = new URLSearchParams({ token: authorization.slice('Bearer '.length) })
    const revoked = await fetch(`http://127.0.0.1:${port}/oauth/revoke`, { method: 'POST', body })
    expect([revoked.status, (await ask('/jobs', { authorization })).status, app.stderr()]).toEqual([200, 401, ''])
    await app.end()
  })
})
