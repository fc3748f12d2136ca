import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { json } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { plain } from '@tessera/http'
import express from 'express'
import type { RequestHandler } from 'express'
import { describe, expect, it } from 'vitest'
import { caught } from '../testing/caught.ts'
import { OWNER, openTokens } from '../testing/open-tokens.ts'
import { listen, serve } from '../testing/serve.ts'
import { revocationRouter } from './oauth-routers.ts'
import { tokenRouter } from './routers.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const CHUNKED = { 'transfer-encoding': 'chunked' }
const BODY = JSON.stringify({ name: 'CI', scopes: [] })
const TWO_MEGABYTES = JSON.stringify({ name: 'a'.repeat(2_000_000), scopes: [] })

function open(...parsers: RequestHandler[]) {
  const { tokens } = openTokens()
  const { errors, handler } = caught()
  const app = express()
  const caller = () => ({ owner: OWNER, scopes: null })
  app.use(...parsers, tokenRouter(tokens, { dialect: plain, caller }))
  app.use(handler)
  return { app, tokens, errors }
}

async function post(parsers: RequestHandler[], body: string | Uint8Array | undefined, headers: object = {}) {
  const ask = await serve(open(...parsers).app)
  return ask('POST', '/', { headers: { ...JSON_TYPE, ...headers }, ...(body !== undefined && { body }) })
}

const pass: RequestHandler = (_req, _res, next) => next()
const parsers: readonly (readonly [string, RequestHandler])[] = [
  ['no parser', pass],
  ['express.json', express.json()],
  ['express.urlencoded', express.urlencoded({ extended: true })],
  ['express.text', express.text({ type: () => true })],
  ['express.raw', express.raw({ type: () => true })],
]

describe.each(parsers)('a body behind %s', (_, parser) => {
  it('is read, with its length or in chunks', async () => {
    await expect(post([parser], BODY)).resolves.toMatchObject({ status: 201, json: { token: { name: 'CI' } } })
    await expect(post([parser], BODY, CHUNKED)).resolves.toMatchObject({ status: 201 })
  })

  it('is read when it is compressed', async () => {
    const gzip = { 'content-encoding': 'gzip' }
    await expect(post([parser], gzipSync(BODY), gzip)).resolves.toMatchObject({ status: 201 })
  })

  it('is refused with 415 when it is no JSON by its type', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded'])
      await expect(post([parser], BODY, { 'content-type': type })).resolves.toMatchObject({ status: 415 })
  })

  it('is refused with 400 when it is missing, empty or no object', async () => {
    for (const body of [undefined, '', '[]', '"name"'])
      await expect(post([parser], body)).resolves.toMatchObject({ status: 400 })
  })

  it('is refused with 400 when it is no JSON, and is not repeated', async () => {
    const { status, text } = await post([parser], '{"name": ot_pat_0123')
    expect(status).toBe(400)
    if (parser !== parsers[1]?.[1]) expect(text).not.toContain('ot_pat_0123')
  })

  it('is refused with 413 when it is too large', async () => {
    await expect(post([parser], TWO_MEGABYTES)).resolves.toMatchObject({ status: 413 })
    await expect(post([parser], TWO_MEGABYTES, CHUNKED)).resolves.toMatchObject({ status: 413 })
  })
})

describe('a body behind a parser that is not of Express', () => {
  it('is taken from req.body', async () => {
    const parser: RequestHandler = (req, _res, next) => {
      json(req).then((body) => {
        req.body = body
        next()
      }, next)
    }
    await expect(post([parser], BODY)).resolves.toMatchObject({ status: 201, json: { token: { name: 'CI' } } })
    await expect(post([parser], '[]')).resolves.toMatchObject({ status: 400 })
  })

  it('is a fault of the app when it was read and nothing is left of it', async () => {
    const drain: RequestHandler = (req, _res, next) => void req.on('end', next).resume()
    const { app, errors } = open(drain)
    const ask = await serve(app)
    for (const path of ['/', '/b3d5f4c2-0d1e-4f3a-8b5c-6d7e8f901234/suspend'])
      await expect(ask('POST', path, { headers: JSON_TYPE, body: BODY })).resolves.toMatchObject({ status: 500 })
    const fault = expect.objectContaining({ message: expect.stringContaining('the body was read before') })
    expect(errors).toEqual([fault, fault])
  })
})

describe('a body that nobody has parsed', () => {
  it('is refused in the words of the dialect', async () => {
    const error = (code: string) => ({ json: { error: { code, details: {} } } })
    await expect(post([], '{')).resolves.toMatchObject(error('BAD_REQUEST'))
    await expect(post([], TWO_MEGABYTES, CHUNKED)).resolves.toMatchObject(error('PAYLOAD_TOO_LARGE'))
    await expect(post([], BODY, { 'content-encoding': 'compress' })).resolves.toMatchObject(
      error('UNSUPPORTED_MEDIA_TYPE'),
    )
    await expect(post([], BODY, { 'content-encoding': 'gzip' })).resolves.toMatchObject(error('BAD_REQUEST'))
  })

  it('is at most 102,400 bytes, also after it is inflated', async () => {
    const sized = (bytes: number) => BODY.padEnd(bytes)
    await expect(post([], sized(102_400))).resolves.toMatchObject({ status: 201 })
    await expect(post([], sized(102_401))).resolves.toMatchObject({ status: 413 })
    const gzip = { 'content-encoding': 'gzip' }
    await expect(post([], gzipSync(sized(102_400)), gzip)).resolves.toMatchObject({ status: 201 })
    await expect(post([], gzipSync(sized(102_401)), gzip)).resolves.toMatchObject({ status: 413 })
  })

  it('that never ends is refused with 413 at the limit, without any credential', async () => {
    const { app, tokens } = open()
    app.use('/oauth/revoke', revocationRouter(tokens))
    const port = await listen(app)
    for (const [path, type] of [
      ['/', 'application/json'],
      ['/oauth/revoke', 'application/x-www-form-urlencoded'],
    ]) {
      const socket = connect(port, '127.0.0.1').on('error', () => {})
      const piece = `10000\r\n${'a'.repeat(65_536)}\r\n`
      const send = () => {
        while (!socket.destroyed && socket.write(piece));
      }
      socket.on('drain', send)
      socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`)
      send()
      expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 413 /)
      socket.destroy()
    }
  })

  it('is none if it is chunked and empty, for what takes no body', async () => {
    const { app, tokens } = open()
    const { token } = await tokens.issue({ owner: OWNER, name: 'CI', scopes: [] })
    const ask = await serve(app)
    for (const name of ['suspend', 'resume'])
      await expect(ask('POST', `/${token.id}/${name}`, { headers: CHUNKED })).resolves.toMatchObject({ status: 200 })
  })

  it('may end before its length without harm to anybody', async () => {
    const { app, tokens, errors } = open()
    const ended: Promise<unknown>[] = []
    const port = await listen((req, res) => {
      ended.push(once(res, 'close'))
      app(req, res)
    })
    const headers = { ...JSON_TYPE, 'content-length': 1000 }
    const upload = request({ host: '127.0.0.1', port, method: 'POST', headers }).on('error', () => {})
    await new Promise((resolve) => void upload.write(BODY, resolve))
    while (ended.length === 0) await new Promise(setImmediate)
    upload.destroy()
    await Promise.all(ended)
    await new Promise(setImmediate)
    await expect(tokens.list(OWNER)).resolves.toMatchObject({ tokens: [] })
    expect(errors).toEqual([])
  })
})

describe('an answer', () => {
  it('keeps the headers that the app has set', async () => {
    const stamp: RequestHandler = (_req, res, next) => {
      res.setHeader('X-Request-Id', '7')
      next()
    }
    await expect(post([stamp], BODY)).resolves.toMatchObject({ headers: { 'x-request-id': '7' } })
  })

  it('counts its length in bytes', async () => {
    const { headers, text } = await post([], JSON.stringify({ name: 'é€🦊', scopes: [] }))
    expect(headers['content-length']).toBe(String(Buffer.byteLength(text)))
    expect(text).toContain('é€🦊')
  })
})
