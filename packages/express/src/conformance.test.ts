import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { testAdapter } from '@tessera/adapter-conformance'
import type { Fixture, ServedFixture } from '@tessera/adapter-conformance'
import { cursor, plain } from '@tessera/http'
import express from 'express'
import type { Request, RequestHandler, Response } from 'express'
import { caught } from '../testing/caught.ts'
import { findCaller } from './auth.ts'
import { authenticate } from './authenticate.ts'
import { tokenRouter } from './routers.ts'
import { serveHandler } from './serve-handler.ts'

const edit: RequestHandler = ({ headers }, _res, next) => {
  const { 'x-authorization': given } = headers
  if (given === undefined) delete headers.authorization
  else headers.authorization = String(given)
  next()
}

async function serve({ tokens, personOf, onError, revoke, introspect, metadata }: Fixture): Promise<ServedFixture> {
  const app = express()
  const caller = (req: Request) => personOf(req.headers.cookie)
  const owner = (req: Request, res: Response) => void res.json({ owner: findCaller(req)?.owner ?? null })
  const scopes = ['jobs:read']
  const manage = (dialect: typeof plain) => [
    authenticate(tokens, { onError, dialect }),
    tokenRouter(tokens, { onError, dialect }),
  ]

  app.get('/open', (_req, res) => void res.send('open'))
  app.get('/jobs', authenticate(tokens, { onError, scopes }), owner)
  app.get('/edited', edit, authenticate(tokens, { onError }), owner)
  app.get('/optional', authenticate(tokens, { onError, optional: true }), owner)
  app.get('/carried', authenticate(tokens, { onError, carriers: { query: true } }), owner)
  app.get('/networks', authenticate(tokens, { onError, clientAddress: ({ ip }) => ip }), owner)
  app.get('/mixed', authenticate(tokens, { onError, scopes, caller }), owner)
  app.use('/tokens', ...manage(plain))
  app.use('/me/tokens', tokenRouter(tokens, { onError, dialect: plain, caller }))
  app.use('/orgs/:orgID/api-tokens', ...manage(cursor))
  app.use('/oauth/revoke', serveHandler(revoke))
  app.use('/oauth/introspect', serveHandler(introspect))
  app.use('/.well-known/oauth-protected-resource', serveHandler(metadata))
  app.use(caught().handler)

  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, close: () => (server.closeAllConnections(), server.close()) }
}

testAdapter({ name: '@tessera/express', serve })
