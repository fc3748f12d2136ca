import { createTokens } from '@tessera/core'
import { authenticate, getAuth, listRouter, revokeRouter } from '@tessera/express'
import { redisStore } from '@tessera/redis-store'
import express from 'express'
import { Redis } from 'ioredis'

const client = new Redis(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379', { retryStrategy: () => 200 })
client.on('error', (error) => console.error(error.message))

const store = redisStore(client, { keyPrefix: 'acme:tokens:' })
await store.ready()

const tokens = createTokens({ store, prefix: 'acme_pat' })
const app = express()

app.use('/tokens', authenticate(tokens), listRouter(tokens), revokeRouter(tokens))
app.get('/jobs', authenticate(tokens, { scopes: ['jobs:read'] }), (req, res) => {
  res.json({ jobs: [], owner: getAuth(req).owner })
})

const scopes = ['jobs:read', 'tokens:read', 'tokens:write']
const { secret } = await tokens.issue({ owner: 'acme', name: `CI of ${process.pid}`, scopes })
const port = Number(process.env.PORT ?? 3000)
const server = app.listen(port, '127.0.0.1', () => console.log(`Authorization: Bearer ${secret}`))

async function stop() {
  await tokens.close()
  client.disconnect()
}
process.once('SIGTERM', () => server.close(() => void stop()))
