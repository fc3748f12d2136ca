import { once } from 'node:events'
import { connect } from 'node:net'
import express from 'express'
import type { RequestHandler } from 'express'
import { describe, expect, it } from 'vitest'
import { openGuarded } from '../testing/open-guarded.ts'
import { CI, bearer, openTokens } from '../testing/open-tokens.ts'
import { listen } from '../testing/serve.ts'
import { authenticate } from './authenticate.ts'
import { revocationRouter } from './oauth-routers.ts'

/** A middleware in front of `authenticate`. */
const before =
  (edit: (headers: Record<string, unknown>, req: object) => void): RequestHandler =>
  (req, _res, next) => {
    edit(req.headers, req)
    next()
  }

describe('authenticate reads headers', () => {
  it('as a middleware has set or deleted them', async () => {
    const deleting = await openGuarded(
      {},
      before((headers) => void delete headers['authorization']),
    )
    const sent = { headers: bearer(deleting.secret) }
    await expect(deleting.ask('GET', '/', sent)).resolves.toMatchObject({ status: 401 })
    let secret = ''
    const setting = await openGuarded(
      {},
      before((headers) => void (headers['authorization'] = `Bearer ${secret}`)),
    )
    ;({ secret } = setting)
    await expect(setting.ask('GET', '/')).resolves.toMatchObject({ status: 200 })
    await expect(setting.ask('GET', '/', { headers: bearer('bad') })).resolves.toMatchObject({ status: 200 })
  })

  it.each(['rawHeaders', 'headersDistinct'])('of a platform without %s', async (missing) => {
    const without = before((_headers, req) => void Object.defineProperty(req, missing, { value: undefined }))
    const { ask, secret } = await openGuarded({}, without)
    await expect(ask('GET', '/', { headers: bearer(secret) })).resolves.toMatchObject({ status: 200 })
    await expect(ask('GET', '/')).resolves.toMatchObject({ status: 401 })
  })

  it('and refuses two Authorization headers with 400', async () => {
    const { ask, secret } = await openGuarded()
    const twice = ['Authorization', `Bearer ${secret}`, 'Authorization', `Bearer ${secret}`]
    await expect(ask('GET', '/', { headers: twice })).resolves.toMatchObject({ status: 400 })
  })

  it('and takes __proto__ for a header like any other', async () => {
    const { tokens } = openTokens()
    const { secret } = await tokens.issue(CI)
    const app = express()
    app.use('/revoke', revocationRouter(tokens))
    app.use(authenticate(tokens), (_req, res) => void res.json('in'))
    const port = await listen(app)
    const asked = async (head: string, body = '') => {
      const socket = connect(port, '127.0.0.1').on('error', () => {})
      socket.write(`${head}\r\nHost: a\r\n__proto__: x\r\nConnection: close\r\n\r\n${body}`)
      return String((await once(socket, 'data'))[0])
    }
    expect(await asked(`GET / HTTP/1.1\r\nAuthorization: Bearer ${secret}`)).toMatch(/^HTTP\/1\.1 200 /)
    const form = 'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7'
    expect(await asked(`POST /revoke HTTP/1.1\r\n${form}`, 'token=a')).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe('authenticate with a carrier', () => {
  it('marks an answer to a token in the query as private, unless the app says more', async () => {
    const { ask, secret } = await openGuarded({ carriers: { query: true } })
    const { status, headers } = await ask('GET', `/?access_token=${secret}`)
    expect([status, headers['cache-control']]).toEqual([200, 'private'])
    expect((await ask('GET', '/', { headers: bearer(secret) })).headers).not.toHaveProperty('cache-control')
  })

  it('takes no token from a form with GET (RFC 6750 §2.2)', async () => {
    const { ask, secret } = await openGuarded({ carriers: { form: true } }, express.urlencoded({ extended: false }))
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'transfer-encoding': 'chunked' }
    const form = { headers, body: `access_token=${secret}` }
    await expect(ask('POST', '/', form)).resolves.toMatchObject({ status: 200 })
    await expect(ask('GET', '/', form)).resolves.toMatchObject({ status: 401 })
  })
})

describe('authenticate sets headers', () => {
  it('beside those of the app: links and challenges have both, and no cache is widened', async () => {
    const link = 'https://acme.test/end'
    const own = { link: '</a>; rel="next"', 'cache-control': 'no-store', sunset: 'never', 'www-authenticate': 'Basic' }
    const { tokens, ask, secret, id } = await openGuarded(
      { endNotice: { withinMs: 120_000, link }, carriers: { query: true } },
      (_req, res, next) => {
        res.set(own)
        next()
      },
    )
    await tokens.edit(CI.owner, id, { expiresAt: new Date(Date.now() + 60_000) })
    expect((await ask('GET', `/?access_token=${secret}`)).headers).toMatchObject({
      ...own,
      link: `</a>; rel="next", <${link}>; rel="deprecation", <${link}>; rel="sunset"`,
      deprecation: expect.stringMatching(/^@/),
    })
    expect((await ask('GET', '/')).headers).toMatchObject({ 'www-authenticate': 'Basic, Bearer realm="api"' })
  })
})
