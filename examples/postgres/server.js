import { authenticate, createTokens, getAuth, listRouter, revokeRouter } from '@tessera/express'
import { postgresStore } from '@tessera/postgres-store'
import express from 'express'
import { Pool } from 'pg'

const pool = new Pool({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 1_000 })
const store = postgresStore(pool)
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
  await pool.end()
}
process.once('SIGTERM', () => server.close(() => void stop()))
