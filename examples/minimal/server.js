import { createTokens } from '@tessera/core'
import { authenticate, getAuth, requireScopes, revokeRouter, listRouter } from '@tessera/express'
import { plain } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import express from 'express'

const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat' })
const app = express()

app.use(
  '/tokens',
  authenticate(tokens),
  listRouter(tokens, { dialect: plain }),
  revokeRouter(tokens, { dialect: plain }),
)
app.get('/jobs', authenticate(tokens), requireScopes('jobs:read'), (req, res) => {
  res.json({ jobs: [], owner: getAuth(req).owner })
})

const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: ['jobs:read'] })
app.listen(process.env.PORT ?? 3000, '127.0.0.1', () => console.log(`Authorization: Bearer ${secret}`))
