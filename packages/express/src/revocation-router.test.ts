import { clientSecrets } from '@tessera/http'
import express from 'express'
import type { RequestHandler } from 'express'
import { describe, expect, it } from 'vitest'
import { CI, OWNER, openTokens } from '../testing/open-tokens.ts'
import { serve } from '../testing/serve.ts'
import { revocationRouter } from './oauth-routers.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const PATH = '/oauth/revoke'

async function open(...parsers: RequestHandler[]) {
  const reported: Error[] = []
  const { tokens, outage } = openTokens()
  const { token, secret } = await tokens.issue(CI)
  const app = express()
  app.use(...parsers, (_req, _res, next) => next())
  app.use(PATH, revocationRouter(tokens, { onError: (error) => void reported.push(error) }))
  app.use((_req, res) => void res.status(404).send('the app'))
  const ask = await serve(app)
  return {
    tokens,
    outage,
    reported,
    token,
    secret,
    ask,
    post: (body: string) => ask('POST', PATH, { headers: FORM, body }),
  }
}

describe('revocationRouter', () => {
  it('revokes the token whose secret is posted, without any other credential', async () => {
    const { post, tokens, secret } = await open()
    await expect(post(`token=${secret}&token_type_hint=access_token`)).resolves.toMatchObject({
      status: 200,
      text: '',
      headers: { 'content-length': '0', 'cache-control': 'no-store' },
    })
    await expect(tokens.verify(secret)).resolves.toEqual({ ok: false, reason: 'revoked' })
  })

  it('answers a repetition and an unknown token with the same', async () => {
    const { post, secret } = await open()
    const { status, text } = await post(`token=${secret}`)
    for (const again of [secret, 'unknown', encodeURIComponent('ünknown')])
      await expect(post(`token=${again}`)).resolves.toMatchObject({ status, text })
  })

  it.each([
    ['express.urlencoded, extended', express.urlencoded({ extended: true })],
    ['express.urlencoded', express.urlencoded({ extended: false })],
    ['express.text', express.text({ type: () => true })],
    ['express.raw', express.raw({ type: () => true })],
    ['express.json', express.json()],
  ])('works behind %s', async (_, parser) => {
    const { post, tokens, secret } = await open(parser)
    await expect(post('token=a&token=b')).resolves.toMatchObject({ status: 400 })
    await expect(post('token[a]=b')).resolves.toMatchObject({ status: 400 })
    await expect(post('a=b')).resolves.toMatchObject({ status: 400, json: { error: 'invalid_request' } })
    await expect(post(`token=${secret}`)).resolves.toMatchObject({ status: 200 })
    await expect(tokens.verify(secret)).resolves.toMatchObject({ ok: false })
  })

  it('refuses a request without a body, a JSON body, and other methods', async () => {
    const { ask } = await open()
    await expect(ask('POST', PATH, { headers: FORM })).resolves.toMatchObject({ status: 400 })
    const json = { headers: { 'content-type': 'application/json' }, body: '{"token":"a"}' }
    await expect(ask('POST', PATH, json)).resolves.toMatchObject({ status: 415 })
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE'])
      await expect(ask(method, PATH)).resolves.toMatchObject({ status: 405, headers: { allow: 'POST' } })
  })

  it('leaves paths below it to the app', async () => {
    const { ask } = await open()
    await expect(ask('POST', `${PATH}/more`)).resolves.toMatchObject({ status: 404, text: 'the app' })
    await expect(ask('GET', `${PATH}/`)).resolves.toMatchObject({ status: 405 })
  })

  it('answers a store failure with 503 and calls onError', async () => {
    const { post, outage, reported, tokens, token, secret } = await open()
    outage.error = new Error('connection lost')
    await expect(post(`token=${secret}`)).resolves.toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
    expect(reported).toMatchObject([{ code: 'store_unavailable' }])
    await expect(tokens.get(OWNER, token.id)).resolves.toMatchObject({ status: 'active' })
  })

  it('asks for a client, if it knows clients', async () => {
    const { tokens } = openTokens()
    const { secret } = await tokens.issue(CI)
    const app = express()
    app.use(PATH, revocationRouter(tokens, { client: clientSecrets({ ci: 'a secret of the client' }) }))
    const ask = await serve(app)
    const post = (headers: object) => ask('POST', PATH, { headers: { ...FORM, ...headers }, body: `token=${secret}` })
    await expect(post({})).resolves.toMatchObject({ status: 401, json: { error: 'invalid_client' } })
    await expect(tokens.verify(secret)).resolves.toMatchObject({ ok: true })
    const authorization = `Basic ${Buffer.from('ci:a+secret+of+the+client').toString('base64')}`
    await expect(post({ authorization })).resolves.toMatchObject({ status: 200, text: '' })
    await expect(tokens.verify(secret)).resolves.toEqual({ ok: false, reason: 'revoked' })
  })

  it('refuses to be built without tokens or with other options', () => {
    const { tokens } = openTokens()
    expect(() => Reflect.apply(revocationRouter, undefined, [])).toThrow('revocationRouter: the first argument must be')
    const build = (options: object) => () => Reflect.apply(revocationRouter, undefined, [tokens, options])
    expect(build({ dialect: 'plain' })).toThrow('"dialect"')
    expect(build({ onError: 'log' })).toThrow(TypeError)
    expect(build({ client: 'ci' })).toThrow('revocationRouter: option "client" must be')
    expect(build({ mayRevoke: () => true })).toThrow('revocationRouter: option "mayRevoke" needs option "client"')
  })
})
