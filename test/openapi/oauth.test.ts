import { createAccessTokens, generateAccessKey } from '@tessera/access-jwt'
import { createTokens } from '@tessera/core'
import { authenticate, introspectionRouter, listRouter, metadataRouter, revocationRouter } from '@tessera/express'
import { authorizationServerMetadata, clientSecrets, plain, protectedResourceMetadata } from '@tessera/http'
import type { RevocationOptions } from '@tessera/http'
import { openApi } from '@tessera/openapi'
import express from 'express'
import { expect, it, vi } from 'vitest'
import { crawl } from './crawl.ts'
import { castOf, serve, stageStore } from './stage.ts'
import type { Visit } from './stage.ts'
import { faultsOfDocument } from './valid-document.ts'

const ORIGIN = 'https://api.example.com'
const CLIENT = '&client_id=gateway&client_secret=a-secret-of-the-gateway'

it('the document of OAuth endpoints with clients declares every answer, and none that is not given', async () => {
  const { store, outage } = stageStore(['ostia'])
  const tokens = createTokens({ store, prefix: 'ot_pat', scopes: ['jobs:read'], activeLimit: 200 })
  const cast = await castOf(tokens, 'roma', 'ostia')
  const keys = [{ key: await generateAccessKey() }]
  const accessTokens = createAccessTokens({ tokens, issuer: ORIGIN, audience: ORIGIN, keys })
  const client = clientSecrets({ gateway: 'a-secret-of-the-gateway' })
  const mayRevoke: RevocationOptions['mayRevoke'] = (_client, { scopes }) => scopes.length > 0
  const revocation = { client, mayRevoke, accessTokens }
  const introspection = { client, issuer: ORIGIN, audience: ORIGIN }
  const metadata = [authorizationServerMetadata({ issuer: ORIGIN }), protectedResourceMetadata({ resource: ORIGIN })]

  const app = express()
  app.use('/tokens', authenticate(tokens, { dialect: plain }), listRouter(tokens, { dialect: plain }))
  app.use('/oauth/revoke', revocationRouter(tokens, revocation))
  app.use('/oauth/introspect', introspectionRouter(tokens, introspection))
  app.use(metadataRouter(...metadata))
  const document = openApi(tokens, {
    title: 'OAuth',
    version: '1.0.0',
    dialect: plain,
    basePath: '/tokens',
    operations: ['list', 'get'],
    oauth: {
      revocation: { path: '/oauth/revoke', ...revocation },
      introspection: { path: '/oauth/introspect', ...introspection },
      metadata,
    },
  })
  expect(await faultsOfDocument(document)).toEqual([])

  const { jwt } = await accessTokens.exchange(cast.secrets.all)
  const visits: readonly Visit[] = [
    { body: 'token=unknown' },
    { body: 'token=unknown', secret: 'of no client' },
    { body: `token=${cast.secrets.nothing}${CLIENT}` },
    { body: `token=${jwt}${CLIENT}` },
    { body: `token=${CLIENT}` },
  ]
  const warned = vi.spyOn(process, 'emitWarning').mockReturnValue()
  const { url, close } = await serve(app)
  const { faults, unreached } = await crawl(url, document, { ...cast, forms: { fields: CLIENT, visits } }, outage)
  await close()
  warned.mockRestore()
  expect({ faults, unreached }).toEqual({ faults: [], unreached: [] })
})
