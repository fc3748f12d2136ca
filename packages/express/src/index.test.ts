import * as core from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import express from 'express'
import { expect, it, describe } from 'vitest'
import { authenticate, createTokens, getAuth } from './index.ts'
import type { Tokens, TokensOptions } from './index.ts'

describe('@tessera/express', () => {
  it('hands on createTokens of core, so that an app needs no other import', async () => {
    expect(createTokens).toBe(core.createTokens)
    const options: TokensOptions = { store: memoryStore(), prefix: 'acme_pat' }
    const tokens: Tokens = createTokens(options)
    const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    const app = express().get('/', authenticate(tokens), (req, res) => void res.json(getAuth(req).owner))
    const server = app.listen(0, '127.0.0.1')
    try {
      await new Promise((resolve) => server.once('listening', resolve))
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      const headers = { authorization: `Bearer ${secret}` }
      expect(await (await fetch(`http://127.0.0.1:${port}`, { headers })).json()).toBe('acme')
    } finally {
      server.close()
    }
  })
})
