import type { Handler, HttpRequest } from '@tessera/http'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { caught } from '../testing/caught.ts'
import { serve } from '../testing/serve.ts'
import { serveHandler } from './serve-handler.ts'

const NEEDS_USE = 'serveHandler: mount it with app.use, since the handler serves the paths below it'

async function open(handle: Handler) {
  const { errors, handler } = caught()
  const app = express()
  app.use('/keys', serveHandler(handle))
  app.use((_req, res) => void res.status(404).send('the app'))
  app.use(handler)
  return { ask: await serve(app), errors }
}

describe('serveHandler', () => {
  it('hands the request to the handler, and its answer to the client', async () => {
    const seen: HttpRequest[] = []
    const { ask } = await open(async (request) => {
      seen.push(request)
      return { status: 200, headers: { ETag: '"1"' }, body: 'é' }
    })
    const reply = await ask('GET', '/keys?a=%20', { headers: { 'if-none-match': '"2"' } })
    expect(reply).toMatchObject({ status: 200, text: 'é', headers: { etag: '"1"', 'content-length': '2' } })
    expect(seen).toMatchObject([{ method: 'GET', path: '/', query: 'a=%20', caller: null }])
    expect(seen[0]?.headers['if-none-match']).toEqual(['"2"'])
  })

  it('gives no length of a 304, which has no body (RFC 9110 §8.6)', async () => {
    const { ask } = await open(async () => ({ status: 304, headers: { ETag: '"1"' }, body: '' }))
    const { status, headers } = await ask('GET', '/keys')
    expect([status, headers['content-length'], headers['transfer-encoding']]).toEqual([304, undefined, undefined])
  })

  it('leaves what lies below to the app', async () => {
    const { ask } = await open(async () => ({ status: 200, headers: {}, body: '' }))
    await expect(ask('GET', '/keys/1')).resolves.toMatchObject({ status: 404, text: 'the app' })
    await expect(ask('GET', '/keys/')).resolves.toMatchObject({ status: 200 })
  })

  it('serves the paths below in `app.use` alone: a route hides where they begin', async () => {
    const handle = async ({ mount, path }: HttpRequest) => ({ status: 200, headers: {}, body: `${mount} ${path}` })
    const below = Object.assign(handle, { servesBelow: true })
    const { ask } = await open(below)
    expect((await ask('GET', '/keys/new')).text).toBe('/keys /new')
    const { errors, handler } = caught()
    const app = express()
    app.all(/^\/routed/, serveHandler(below))
    app.use(handler)
    const askRouted = await serve(app)
    for (const path of ['/routed', '/routed/new']) await askRouted('GET', path)
    expect(errors).toEqual([new TypeError(NEEDS_USE), new TypeError(NEEDS_USE)])
  })

  it("hands a fault to the app's error handler", async () => {
    const fault = new Error('a fault')
    const { ask, errors } = await open(() => Promise.reject(fault))
    await ask('GET', '/keys')
    expect(errors).toEqual([fault])
  })

  it('refuses what is no handler', () => {
    expect(() => serveHandler({} as Handler)).toThrow('serveHandler: give a handler')
  })
})
