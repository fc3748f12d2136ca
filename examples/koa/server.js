import { createTokens } from '@tessera/core'
import { operationNames, plain, revocationHandler, tokenEndpoint } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import Koa from 'koa'
import { requireToken, serveBelow } from './tessera.js'

const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat' })
const scopes = { read: ['tokens:read'], write: ['tokens:write'] }
const revoke = revocationHandler(tokens)
const app = new Koa()

const manage = tokenEndpoint(tokens, { dialect: plain, scopes }, operationNames)
app.use(serveBelow('/tokens', manage, requireToken(tokens, { dialect: plain })))
app.use(serveBelow('/oauth/revoke', ({ path }) => (path === '/' ? revoke : null)))

const needsJobs = requireToken(tokens, { scopes: ['jobs:read'] }, ({ ip }) => ({ ip }))
app.use((context, next) => {
  if (context.path !== '/jobs') return next()
  return needsJobs(context, async () => {
    context.body = { jobs: [], owner: context.state.auth.caller.owner }
  })
})

const { secret } = await tokens.issue({
  owner: 'acme',
  name: 'CI',
  scopes: ['jobs:read', 'tokens:read', 'tokens:write'],
})
const port = Number(process.env.PORT ?? 3000)
app.listen(port, '127.0.0.1', () => console.log(`Authorization: Bearer ${secret}`))
