import { createTokens } from '@tessera/core'
import { authenticate } from '@tessera/express'
import { memoryStore } from '@tessera/memory-store'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'

describe('a connection without TLS', () => {
  it('shows the token, which is accepted from whoever read it', async () => {
    const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
    const { secret } = await tokens.issue({ owner: 'acme', name: 'ci', scopes: ['jobs:read'] })
    const seen: string[] = []
    const app = express()
    app.use((req, _res, next) => {
      seen.push(req.get('authorization') ?? '')
      next()
    })
    app.get('/jobs', authenticate(tokens, { scopes: ['jobs:read'] }), (_req, res) => void res.json([]))
    const port = await freePort()
    const server = app.listen(port, '127.0.0.1')
    const ask = (authorization: string) => fetch(`http://127.0.0.1:${port}/jobs`, { headers: { authorization } })
    expect((await ask(`Bearer ${secret}`)).status).toBe(200)
    expect((await ask(seen[0] ?? '')).status).toBe(200)
    server.close()
  })
})
