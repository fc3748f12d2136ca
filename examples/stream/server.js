import { createTokens } from '@tessera/core'
import { authenticate, revokeRouter, watchAuth } from '@tessera/express'
import { memoryStore } from '@tessera/memory-store'
import express from 'express'

const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat' })
const app = express()

app.use('/tokens', authenticate(tokens), revokeRouter(tokens))
app.get('/stream', authenticate(tokens, { scopes: ['jobs:read'] }), (req, res) => {
  const { signal } = watchAuth(req, res, { withinMs: 1_000 })
  if (signal.aborted) return res.end()
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  const beat = setInterval(() => res.write(`data: ${JSON.stringify({ jobs: [] })}\n\n`), 100)
  signal.addEventListener('abort', () => {
    clearInterval(beat)
    res.end()
  })
})

const scopes = ['jobs:read', 'tokens:write']
const { secret, token } = await tokens.issue({ owner: 'acme', name: 'CI', scopes })
const port = Number(process.env.PORT ?? 3000)
app.listen(port, '127.0.0.1', () => console.log(`Authorization: Bearer ${secret}\n${token.id}`))
