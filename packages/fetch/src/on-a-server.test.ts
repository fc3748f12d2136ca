import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { plain, revocationHandler } from '@tessera/http'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTokens } from '../testing/open-tokens.ts'
import type { Opened } from '../testing/open-tokens.ts'
import { protect } from './protect.ts'
import { serveHandler } from './serve-handler.ts'
import { tokenHandler } from './token-handler.ts'

let opened: Opened
let server: Server
let port: number

beforeAll(async () => {
  opened = await openTokens()
  const { tokens } = opened
  const jobs = protect(tokens, { scopes: ['jobs:read'] }, (_, { token }) => Response.json({ owner: token.owner }))
  const manage = tokenHandler(tokens, { basePath: '/tokens', dialect: plain })
  const revoke = serveHandler(revocationHandler(tokens))
  const app = new Hono()
    .get('/jobs', ({ req }) => jobs(req.raw))
    .all('/tokens/*', ({ req }) => manage(req.raw))
    .post('/oauth/revoke', ({ req }) => revoke(req.raw))
  server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/**
 * Sends a request, and its answer.
 *
 * @param goOn Sent over and over, until the server answers.
 */
async function exchange(request: string, goOn = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  socket.on('error', () => {}) // The server cuts off.
  let hasRoom = socket.write(request)
  const send = () => {
    hasRoom = true
    while (hasRoom) hasRoom = socket.write(goOn)
  }
  if (goOn !== '') socket.on('drain', send)
  if (goOn !== '' && hasRoom) send()
  const [answer] = await once(socket, 'data')
  socket.destroy()
  return answer
}

const head = (method: string, path: string, ...headers: readonly string[]) =>
  [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, '', ''].join('\r\n')

describe("a server of Hono's", () => {
  it('admits a token, and answers two with 401: the platform joins them', async () => {
    const bearer = `Authorization: Bearer ${opened.secret}`
    expect(await exchange(head('GET', '/jobs', bearer))).toMatch(/^HTTP\/1.1 200 [^]*{"owner":"acme"}/)
    expect(await exchange(head('GET', '/jobs', bearer, bearer))).toMatch(/^HTTP\/1.1 40[01] /)
    expect(await exchange(head('HEAD', '/tokens', bearer))).toMatch(/^HTTP\/1.1 200 [^]*\r\n\r\n$/)
  })

  it('takes an empty body in chunks for none', async () => {
    const { token } = await opened.tokens.issue({ owner: 'acme', name: 'CD', scopes: [] })
    const headers = [`Authorization: Bearer ${opened.secret}`, 'Transfer-Encoding: chunked']
    const request = `${head('POST', `/tokens/${token.id}/suspend`, ...headers)}0\r\n\r\n`
    expect(await exchange(request)).toMatch(/^HTTP\/1.1 200 /)
  })

  it('answers a body that never ends at the limit', async () => {
    const chunk = `2710\r\n${'x'.repeat(10_000)}\r\n`
    const headers = ['Content-Type: application/x-www-form-urlencoded', 'Transfer-Encoding: chunked']
    const answer = await exchange(head('POST', '/oauth/revoke', ...headers), chunk)
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
  })

  it('mixes no owners that ask at once', async () => {
    const owners = Array.from({ length: 30 }, (_, at) => `owner-${at}`)
    const answers = owners.map(async (owner) => {
      const { secret } = await opened.tokens.issue({ owner, name: 'CI', scopes: ['jobs:read'] })
      const response = await fetch(`http://127.0.0.1:${port}/jobs`, { headers: { authorization: `Bearer ${secret}` } })
      return response.json()
    })
    expect(await Promise.all(answers)).toEqual(owners.map((owner) => ({ owner })))
  })
})
