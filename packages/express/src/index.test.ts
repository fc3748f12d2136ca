import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as core from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import express from 'express'
import { expect, it, describe } from 'vitest'
import { authenticate, createTokens, getAuth } from './index.ts'
import type { Tokens, TokensOptions } from './index.ts'

describe('@tessera/express', () => {
  it('imports Express for its types only, and so works with apps like it', () => {
    const files = readdirSync(import.meta.dirname).filter((file) => /(?<!\.test)\.ts$/.test(file))
    const sources = files.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join('\n')
    expect(sources.match(/^import .* from 'express'$/gm)).not.toEqual(null)
    expect(sources.match(/^import (?!type ).* from 'express'$/gm)).toEqual(null)
  })

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
