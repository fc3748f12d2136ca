import { randomBytes } from 'node:crypto'
import { createTokens } from '@tessera/core'
import { authenticate, getAuth, introspectionRouter, metadataRouter, revocationRouter } from '@tessera/express'
import { authorizationServerMetadata, clientSecrets, protectedResourceMetadata } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import express from 'express'

const port = Number(process.env.PORT ?? 3000)
const api = `http://127.0.0.1:${port}/api`
const issuer = `http://127.0.0.1:${port}/oauth`
const authMethods = ['client_secret_basic', 'client_secret_post']
const { CLIENT_ID: id = 'gateway', CLIENT_SECRET: clientSecret = randomBytes(24).toString('hex') } = process.env
const client = clientSecrets({ [id]: clientSecret })

const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat' })
const app = express()

const resource = protectedResourceMetadata({ resource: api, authorizationServers: [issuer], scopes: ['jobs:read'] })
const server = authorizationServerMetadata({
  issuer,
  revocation: { url: `${issuer}/revoke`, authMethods },
  introspection: { url: `${issuer}/introspect`, authMethods },
  scopes: ['jobs:read'],
})
app.use(metadataRouter(resource, server))
app.use('/oauth/revoke', revocationRouter(tokens, { client }))
app.use('/oauth/introspect', introspectionRouter(tokens, { client, issuer, audience: api }))

app.get('/api/jobs', authenticate(tokens, { scopes: ['jobs:read'], resourceMetadata: resource.url }), (req, res) => {
  res.json({ jobs: [], owner: getAuth(req).owner })
})

const { secret } = await tokens.issue({
  owner: 'acme',
  name: 'CI',
  scopes: ['jobs:read'],
  createdBy: 'ada@example.com',
})
app.listen(port, '127.0.0.1', () => {
  console.log(`Authorization: Bearer ${secret}`)
  if (process.env.CLIENT_SECRET === undefined) console.log(`CLIENT_SECRET=${clientSecret}`)
})
