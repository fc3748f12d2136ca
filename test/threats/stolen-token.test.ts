import { createTokens } from '@tessera/core'
import { authenticate, tokenRouter } from '@tessera/express'
import { plain } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'

describe('a token issued with a stolen one', () => {
  it('stays accepted once that is revoked by id, and names its maker', async () => {
    const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
    const { secret: stolen, token: maker } = await tokens.issue({ owner: 'acme', name: 'ci', scopes: ['jobs:read'] })
    const app = express()
    app.use('/tokens', authenticate(tokens), tokenRouter(tokens, { dialect: plain }))
    const port = await freePort()
    const server = app.listen(port, '127.0.0.1')
    const answer = await fetch(`http://127.0.0.1:${port}/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stolen}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'left behind', scopes: ['jobs:read'] }),
    })
    server.close()
    const { secret } = (await answer.json()) as { secret: string }
    await tokens.revoke('acme', maker.id)
    expect(await tokens.authenticate(stolen)).toBeNull()
    expect(await tokens.authenticate(secret)).toMatchObject({ name: 'left behind', issuedBy: maker.id })
  })
})
