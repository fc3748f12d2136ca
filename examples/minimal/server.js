import { createTokens } from '@tessera/core'
import { authenticate, getAuth, listRouter, revokeRouter } from '@tessera/express'
import { memoryStore } from '@tessera/memory-store'
import express from 'express'

const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat' })
const app = express()

app.use('/tokens', authenticate(tokens), listRouter(tokens), revokeRouter(tokens))
app.get('/jobs', authenticate(tokens, { scopes: ['jobs:read'] }), (req, res) => {
  res.json({ jobs: [], owner: getAuth(req).owner })
})

const scopes = ['jobs:read', 'tokens:read', 'tokens:write']
const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes })
const port = Number(process.env.PORT ?? 3000)
app.listen(port, '127.0.0.1', () => console.log(`Authorization: Bearer ${secret}`))
