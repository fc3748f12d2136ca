import { request as ask } from 'node:http'
import type { RequestOptions } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createTokens, generateSecret, preview } from '@tessera/core'
import { tokenRouter } from '@tessera/express'
import { leakGuard, redact } from '@tessera/leaks'
import type { StoppedLeak } from '@tessera/leaks'
import { memoryStore } from '@tessera/memory-store'
import express from 'express'
import type { NextFunction, Request, Response } from 'express'
import { fastify } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const secret = generateSecret('acme_pat', '00')
const leaks: StoppedLeak[] = []
const logged: string[] = []
const guard = leakGuard({
  prefixes: ['acme_pat'],
  except: ({ method, url }) => method === 'POST' && url.startsWith('/tokens'),
  onLeak: (leak) => leaks.push(leak),
})

interface Answer {
  readonly status: number
  readonly body: string
  /** Whether the connection ended before the body. */
  readonly isCut: boolean
}

const folder = mkdtempSync(join(tmpdir(), 'tessera-leak-'))
const file = join(folder, 'leak.txt')
writeFileSync(file, `a line\n${secret}`)

const servers: Server[] = []
const urls: Record<string, string> = {}
const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

beforeAll(async () => {
  const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat' })
  const app = express()
  app.use(guard)
  const person = (_: Request, __: Response, next: NextFunction) => next()
  app.use('/tokens', person, tokenRouter(tokens, { caller: () => ({ owner: 'acme', createdBy: 'ada', scopes: null }) }))
  app.get('/json', (_, response) => void response.json({ secret }))
  app.get('/header', (_, response) => response.redirect(`/?token=${secret}`))
  app.get('/head', (_, response) => void response.writeHead(200, { 'X-Secret': secret }).end('a'))
  app.get('/phrase', (_, response) => {
    response.statusMessage = secret
    response.end('a')
  })
  app.get('/hints', (_, response) => {
    response.writeEarlyHints({ link: `</${secret}>; rel=preload` })
    response.end('a')
  })
  app.get('/trailers', (_, response) => {
    response.writeHead(200, { Trailer: 'X-Secret' }).write('a line\n', () => {
      response.addTrailers({ 'X-Secret': secret })
      response.end()
    })
  })
  app.get('/callback', (_, response) => void response.end(secret, () => logged.push('ended')))
  app.get('/broken', (_, response) => void response.writeHead(200, { 'X-Broken': 'a\nb' }).end('a'))
  app.get('/bytes', (_, response) => void response.end(Buffer.from(secret).toString('hex'), 'hex'))
  app.get('/pieces', (_, response) => {
    response.write(`a line\n${secret.slice(0, 30)}`, () => response.end(secret.slice(30)))
  })
  app.get('/ranges', (_, response) => {
    response.sendFile(file, { dotfiles: 'allow' })
  })
  app.get('/clean', (_, response) => {
    response.writeHead(201, { 'X-A': 'b' })
    response.write('acme', () => response.write('_pat_', 'utf8', () => response.end('x')))
  })
  app.get('/error', () => {
    throw new Error(`no such token: ${secret}`)
  })
  app.use((error: Error, _: Request, __: Response, next: NextFunction) => next(redact(error)))
  app.use((error: Error, _: Request, response: Response, __: NextFunction) => {
    logged.push(error.stack ?? '')
    response.status(400).json({ error: error.message })
  })
  const onExpress = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => onExpress.once('listening', resolve))

  const other = fastify()
  other.addHook('onRequest', (request, reply, done) => guard(request.raw, reply.raw, done))
  other.get('/json', async () => ({ secret }))
  other.get('/header', async (_, reply) => reply.redirect(`/?token=${secret}`))
  other.get('/pieces', async (_, reply) => {
    async function* body() {
      yield `a line\n${secret.slice(0, 30)}`
      await new Promise(setImmediate)
      yield secret.slice(30)
    }
    return reply.send(Readable.from(body()))
  })
  other.get('/clean', async (_, reply) => reply.code(201).header('x-a', 'b').send('acme_pat_x'))
  await other.listen({ port: 0, host: '127.0.0.1' })
  servers.push(onExpress, other.server)
  Object.assign(urls, { express: urlOf(onExpress), fastify: urlOf(other.server) })
})
afterAll(async () => {
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true })
})

function get(url: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    ask(url, { agent: false, ...options }, (response) => {
      let body = ''
      response.on('data', (piece: Buffer) => (body += piece.toString()))
      response.on('error', () => {})
      response.on('close', () => resolve({ status: response.statusCode ?? 0, body, isCut: !response.complete }))
    })
      .on('error', reject)
      .end()
  })
}

describe('leakGuard', () => {
  const refusal = JSON.stringify({ error: 'server_error', error_description: 'The answer was withheld.' })

  it.each([
    ['express', '/json'],
    ['express', '/header'],
    ['express', '/head'],
    ['express', '/bytes'],
    ['express', '/phrase'],
    ['express', '/hints'],
    ['express', '/callback'],
    ['fastify', '/json'],
    ['fastify', '/header'],
  ])('answers 500 in place of a response with a secret: %s %s', async (server, path) => {
    leaks.length = 0
    expect(await get(urls[server] + path)).toEqual({ status: 500, body: refusal, isCut: false })
    expect(leaks).toEqual([{ method: 'GET', url: path, preview: preview(secret) }])
  })

  it.each(['express', 'fastify'])('cuts the connection before a secret in two pieces: %s', async (server) => {
    expect(await get(`${urls[server]}/pieces`)).toEqual({ status: 200, body: 'a line\n', isCut: true })
  })

  it('cuts the connection before a secret in the trailers', async () => {
    expect(await get(`${urls['express']}/trailers`)).toEqual({ status: 200, body: 'a line\n', isCut: true })
  })

  it('answers a range with the whole: a secret cut in two would pass', async () => {
    for (const range of ['bytes=0-20', 'bytes=21-'])
      expect(await get(`${urls['express']}/ranges`, { headers: { range } })).toMatchObject({ status: 500 })
  })

  it('looks at the headers of an answer to HEAD only: its body is never sent', async () => {
    leaks.length = 0
    for (const [path, status] of [
      ['/json', 200],
      ['/bytes', 200],
      ['/pieces', 200],
      ['/head', 500],
    ] as const)
      expect(await get(urls['express'] + path, { method: 'HEAD' })).toEqual({ status, body: '', isCut: false })
    expect(leaks).toMatchObject([{ method: 'HEAD', url: '/head' }])
  })

  it('calls back whoever ended a refused response, and leaves an app that Node refuses a head its next answer', async () => {
    logged.length = 0
    await get(`${urls['express']}/callback`)
    expect(logged).toEqual(['ended'])
    const { status, body } = await get(`${urls['express']}/broken`)
    expect([status, JSON.parse(body)]).toEqual([400, { error: expect.stringContaining('Invalid character') }])
  })

  it.each(['express', 'fastify'])('lets through what has none: %s', async (server) => {
    expect(await get(`${urls[server]}/clean`)).toEqual({ status: 201, body: 'acme_pat_x', isCut: false })
  })

  it('lets a secret out where it is made', async () => {
    const body = JSON.stringify({ name: 'CI', scopes: [] })
    const headers = { 'Content-Type': 'application/json' }
    const answer = await fetch(`${urls['express']}/tokens`, { method: 'POST', headers, body })
    expect(await answer.json()).toMatchObject({ secret: expect.stringMatching(/^acme_pat_/) })
  })
})

describe('redact before the error handler of Express', () => {
  it('keeps a secret out of the log and of the answer', async () => {
    const { status, body } = await get(`${urls['express']}/error`)
    expect({ status, body }).toEqual({ status: 400, body: `{"error":"no such token: ${preview(secret)}"}` })
    expect(logged.join()).toContain(`no such token: ${preview(secret)}`)
    expect(logged.join()).not.toContain(secret)
  })
})
