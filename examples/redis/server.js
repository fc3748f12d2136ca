import { createTokens } from '@tessera/core'
import { authenticate, getAuth, listRouter, requireScopes, revokeRouter } from '@tessera/express'
import { plain } from '@tessera/http'
import { redisStore } from '@tessera/redis-store'
import express from 'express'
import { Redis } from 'ioredis'

const client = new Redis(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379', { retryStrategy: () => 200 })
client.on('error', (error) => console.error(error.message))

const store = redisStore(client, { keyPrefix: 'acme:tokens:' })
await store.ready()

const tokens = createTokens({ store, prefix: 'acme_pat' })
const signedIn = authenticate(tokens)
const app = express()

app.use('/tokens', signedIn, listRouter(tokens, { dialect: plain }), revokeRouter(tokens, { dialect: plain }))
app.get('/jobs', signedIn, requireScopes('jobs:read'), (req, res) => {
  res.json({ jobs: [], owner: getAuth(req).owner })
})

const { secret } = await tokens.issue({ owner: 'acme', name: `CI of ${process.pid}`, scopes: ['jobs:read'] })
const port = Number(process.env.PORT ?? 3000)
const server = app.listen(port, '127.0.0.1', () => console.log(`Authorization: Bearer ${secret}`))

async function stop() {
  await tokens.close()
  client.disconnect()
}
process.once('SIGTERM', () => server.close(() => void stop()))
