import { clientSecrets } from '@tessera/http'
import express from 'express'
import type { RequestHandler } from 'express'
import { describe, expect, it } from 'vitest'
import { CI, OWNER, bearer, openTokens } from '../testing/open-tokens.ts'
import { serve } from '../testing/serve.ts'
import { introspectionRouter } from './oauth-routers.ts'

const PATH = '/oauth/introspect'
const client = clientSecrets({ gateway: 'a secret of the gateway' })
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const BASIC = { authorization: `Basic ${Buffer.from('gateway:a+secret+of+the+gateway').toString('base64')}` }

async function open(...parsers: RequestHandler[]) {
  const reported: Error[] = []
  const { tokens, outage } = openTokens()
  const { token, secret } = await tokens.issue(CI)
  const app = express()
  app.use(...parsers, (_req, _res, next) => next())
  app.use(PATH, introspectionRouter(tokens, { client, onError: (error) => void reported.push(error) }))
  app.use((_req, res) => void res.status(404).send('the app'))
  const ask = await serve(app)
  const post = (body: string, headers: object = BASIC) => ask('POST', PATH, { headers: { ...FORM, ...headers }, body })
  return { tokens, outage, reported, token, secret, ask, post }
}

describe('introspectionRouter', () => {
  it('answers a client about an active token, in JSON that no cache may keep', async () => {
    const { post, token, secret } = await open()
    const answer = await post(`token=${secret}`)
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
      json: { active: true, scope: 'jobs:read', sub: OWNER, jti: token.id },
    })
    expect(answer.text).not.toContain(secret)
  })

  it('shows nothing of a revoked one', async () => {
    const { post, tokens, token, secret } = await open()
    await tokens.revoke(OWNER, token.id)
    await expect(post(`token=${secret}`)).resolves.toMatchObject({ status: 200, text: '{"active":false}' })
  })

  it('answers nobody else', async () => {
    const { post, secret } = await open()
    const none = await post(`token=${secret}`, {})
    expect(none).toMatchObject({ status: 401, json: { error: 'invalid_client' } })
    expect(none.headers['www-authenticate']).toMatch(/^Basic /)
    await expect(post(`token=${secret}`, bearer(secret))).resolves.toMatchObject({ status: 401 })
  })

  it('refuses two Authorization headers, of which Node shows only one in req.headers', async () => {
    const { ask, secret } = await open()
    const { authorization } = BASIC
    const headers = [
      'Content-Type',
      FORM['content-type'],
      'Authorization',
      authorization,
      'Authorization',
      authorization,
    ]
    await expect(ask('POST', PATH, { headers, body: `token=${secret}` })).resolves.toMatchObject({ status: 400 })
  })

  it.each([
    ['express.urlencoded, extended', express.urlencoded({ extended: true })],
    ['express.urlencoded', express.urlencoded({ extended: false })],
    ['express.raw', express.raw({ type: () => true })],
  ])('works behind %s', async (_, parser) => {
    const { post, secret } = await open(parser)
    const credentials = 'client_id=gateway&client_secret=a+secret+of+the+gateway'
    await expect(post(`token=${secret}&${credentials}`, {})).resolves.toMatchObject({ json: { active: true } })
    const twice = `token=${secret}&${credentials}&client_secret=b`
    await expect(post(twice, {})).resolves.toMatchObject({ status: 400, json: { error: 'invalid_request' } })
  })

  it('refuses other methods with 405, and leaves paths below it to the app', async () => {
    const { ask } = await open()
    await expect(ask('GET', PATH)).resolves.toMatchObject({ status: 405, headers: { allow: 'POST' } })
    await expect(ask('POST', `${PATH}/more`)).resolves.toMatchObject({ status: 404, text: 'the app' })
  })

  it('answers a store failure with 503 and calls onError', async () => {
    const { post, outage, reported, secret } = await open()
    outage.error = new Error('connection lost')
    await expect(post(`token=${secret}`)).resolves.toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
    expect(reported).toMatchObject([{ code: 'store_unavailable' }])
  })

  it('refuses to be built without tokens, without clients or with unknown options', () => {
    const { tokens } = openTokens()
    const build =
      (...args: unknown[]) =>
      () =>
        Reflect.apply(introspectionRouter, undefined, args)
    expect(build()).toThrow('introspectionRouter: the first argument must be')
    expect(build(tokens)).toThrow(TypeError)
    expect(build(tokens, {})).toThrow('introspectionRouter: option "client" must be')
    expect(build(tokens, { client, dialect: 'plain' })).toThrow('"dialect"')
  })
})
