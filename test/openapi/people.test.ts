import { createTokens } from '@tessera/core'
import { tokenRouter } from '@tessera/express'
import { paged } from '@tessera/http'
import type { Caller } from '@tessera/http'
import { openApi } from '@tessera/openapi'
import express from 'express'
import { expect, it, vi } from 'vitest'
import { crawl } from './crawl.ts'
import { castOf, serve, stageStore } from './stage.ts'

it('the document of an API for people who signed in declares every answer, and none that is not given', async () => {
  const { store, outage } = stageStore(['ostia'])
  const scopes = ['jobs:read', 'tokens:read', 'tokens:write'] as const
  const tokens = createTokens({ store, prefix: 'ot_pat', scopes, activeLimit: 400 })
  const cast = await castOf(tokens, 'roma', 'ostia')
  const { all, brief, crowded, manage, nothing } = cast.secrets
  const people = new Map<string | undefined, Caller>([
    [all, { owner: 'roma', scopes }],
    [brief, { owner: 'roma', scopes, expiresAt: new Date(Date.now() + 60_000) }],
    [manage, { owner: 'roma', scopes: ['tokens:read', 'tokens:write'] }],
    [nothing, { owner: 'roma', scopes: [] }],
    [crowded, { owner: 'ostia', scopes }],
  ])
  const app = express()
  app.use('/tokens', tokenRouter(tokens, { dialect: paged, caller: (req) => people.get(req.get('Cookie')?.slice(8)) }))
  const document = openApi(tokens, {
    title: 'People',
    version: '1.0.0',
    dialect: paged,
    basePath: '/tokens',
    security: { session: { type: 'apiKey', in: 'cookie', name: 'session' } },
  })
  const warned = vi.spyOn(process, 'emitWarning').mockReturnValue()
  const { url, close } = await serve(app)
  const credential = (secret: string) => ['Cookie', `session=${secret}`] as const
  const { faults, unreached } = await crawl(url, document, { ...cast, credential }, outage)
  await close()
  warned.mockRestore()
  expect({ faults, unreached }).toEqual({ faults: [], unreached: [] })
})
