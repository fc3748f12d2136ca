import { createHash } from 'node:crypto'
import { StoreError, TokenError, createTokens, generateSecret } from '@tessera/core'
import type { TokenEvent, TokenStore } from '@tessera/core'
import type { HttpRequest, HttpResponse } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGitHub } from '../../testing/github.ts'
import type { GitHub } from '../../testing/github.ts'
import { secretScanningHandler } from './secret-scanning-handler.ts'
import type { LeakedToken, SecretScanningOptions } from './secret-scanning-handler.ts'

let github: GitHub
beforeAll(async () => {
  github = await startGitHub()
})
afterAll(async () => github[Symbol.asyncDispose]())

const url = 'https://github.com/octocat/hello/blob/1234/.env'
const match = (token: string, type = 'acme') => ({ token, type, url, source: 'commit' })
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const label = (token: string, word: string, type = 'acme') => ({
  token_hash: hashOf(token),
  token_type: type,
  label: word,
})

function requestOf(body: string, headers: Record<string, string> = github.headersFor(body)): HttpRequest {
  const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
  const parts = { method: 'POST', path: '/', query: '', params: {}, caller: null, headers: lists }
  return { ...parts, readBody: async () => Buffer.from(body) }
}

function setUp(options: SecretScanningOptions = {}, store: TokenStore = memoryStore()) {
  const events: TokenEvent[] = []
  const errors: Error[] = []
  const tokens = createTokens({ store, prefix: 'acme_pat', activeLimit: null, onEvent: (event) => events.push(event) })
  const other = createTokens({ store, prefix: 'other' })
  const onError = (error: Error) => errors.push(error)
  const handler = secretScanningHandler([tokens, other], { keysUrl: github.keysUrl, onError, ...options })
  const send = (matches: unknown) => handler(requestOf(JSON.stringify(matches)))
  const issue = (owner = 'acme') => tokens.issue({ owner, name: 'CI', scopes: [] })
  return { tokens, other, handler, send, issue, events, errors }
}

const answered = ({ status, body }: HttpResponse) => ({ status, body: JSON.parse(body) as unknown })

describe('secretScanningHandler', () => {
  it('ends the tokens of several APIs with their lines, labels each text, and tells where they stood', async () => {
    const leaks: LeakedToken[] = []
    const { tokens, other, send, issue, events } = setUp({ onLeak: (leaked) => leaks.push(leaked) })
    const first = await issue()
    const second = await tokens.rotate('acme', first.token.id, { overlapMs: 60_000 })
    const foreign = await other.issue({ owner: 'acme', name: 'CI', scopes: [] })
    const nobodys = generateSecret('acme_pat', '00')
    const place = { ...match(first.secret), url: `${url}?${first.secret}` }
    const answer = await send([place, match(first.secret), match(foreign.secret), match(nobodys), match('text', 'b')])
    expect(answered(answer)).toEqual({
      status: 200,
      body: [
        label(first.secret, 'true_positive'),
        label(foreign.secret, 'true_positive'),
        label(nobodys, 'false_positive'),
        label('text', 'false_positive', 'b'),
      ],
    })
    for (const { secret } of [first, second])
      expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
    expect(await other.verify(foreign.secret)).toEqual({ ok: false, reason: 'revoked' })
    await tokens.close()
    expect(events.filter(({ type }) => type === 'revoked')).toMatchObject([
      { tokenId: first.token.id, reason: 'leaked', by: 'github:secret-scanning', ended: [second.token.id] },
    ])
    expect(leaks).toMatchObject([
      { token: { id: first.token.id }, ended: [second.token.id], url: `${url}?${first.token.preview}` },
      { token: { id: first.token.id }, url },
      { token: { id: foreign.token.id }, type: 'acme', source: 'commit' },
    ])
    for (const seen of [answer.body, JSON.stringify(leaks), JSON.stringify(events)])
      expect(seen).not.toContain(first.secret)
  })

  it('ends a secret that was brought along from another system', async () => {
    const store = memoryStore()
    const { tokens: own } = setUp({}, store)
    const { id } = (await own.issue({ owner: 'acme', name: 'CI', scopes: [] })).token
    const legacy = { matches: (secret: string) => secret === 'glpat-old', find: async () => store.find('acme', id) }
    const tokens = createTokens({ store, prefix: 'acme_pat', legacy })
    const handler = secretScanningHandler(tokens, { keysUrl: github.keysUrl })
    const body = answered(await handler(requestOf(JSON.stringify([match('glpat-old')])))).body
    expect(body).toEqual([label('glpat-old', 'true_positive')])
    expect(await tokens.get('acme', id)).toMatchObject({ revokedReason: 'leaked' })
  })

  it('labels in the clear if GitHub shall have it so', async () => {
    const { send } = setUp({ answerWith: 'raw' })
    expect(answered(await send([match('text')])).body).toEqual([
      { token_raw: 'text', token_type: 'acme', label: 'false_positive' },
    ])
  })

  it('answers a repeated request alike, and changes nothing', async () => {
    const { tokens, handler, issue } = setUp()
    const { secret, token } = await issue()
    const request = requestOf(JSON.stringify([match(secret)]))
    const first = await handler(request)
    const revoked = await tokens.get('acme', token.id)
    expect(await handler(request)).toEqual(first)
    expect(await tokens.get('acme', token.id)).toEqual(revoked)
  })

  it('ends 100 secrets of one request, with eight at once in the store, and asks it for none without a checksum', async () => {
    const store = memoryStore()
    let [running, most, calls] = [0, 0, 0]
    const counted: TokenStore = {
      ...store,
      async findByDigest(...args) {
        calls += 1
        most = Math.max(most, ++running)
        await new Promise((resolve) => setImmediate(resolve))
        return store.findByDigest(...args).finally(() => (running -= 1))
      },
    }
    const { tokens, send, issue } = setUp({}, counted)
    const issued = await Promise.all(Array.from({ length: 100 }, (_, index) => issue(`owner-${index % 7}`)))
    const mistyped = issued.map(({ secret }) => match(`${secret.slice(0, -1)}-`))
    const { status, body } = await send([...issued.map(({ secret }) => match(secret)), ...mistyped])
    expect(status).toBe(200)
    expect(body.match(/true_positive/g)).toHaveLength(100)
    expect(body.match(/false_positive/g)).toHaveLength(100)
    expect({ most, calls }).toEqual({ most: 8, calls: 100 })
    const found = await Promise.all(issued.map(({ token }) => tokens.get(token.owner, token.id)))
    expect(found.filter((token) => token?.revokedReason !== 'leaked')).toEqual([])
  })

  it('answers 503 if the store fails for one, ends the others, and finishes with the repeated request', async () => {
    const store = memoryStore()
    const failing = new Set<string>()
    const breakable: TokenStore = {
      ...store,
      async change(owner, ...step) {
        if (failing.has(owner)) throw new Error('READONLY')
        return store.change(owner, ...step)
      },
    }
    const leaks: string[] = []
    const onLeak = ({ token }: LeakedToken) => leaks.push(token.owner)
    const { tokens, send, issue, errors } = setUp({ onLeak }, breakable)
    const [down, up] = [await issue('down'), await issue('up')]
    failing.add('down')
    const matches = [match(down.secret), match(up.secret)]
    expect(await send(matches)).toMatchObject({ status: 503, headers: { 'Retry-After': '1' } })
    expect(errors).toEqual([expect.any(StoreError)])
    expect(await tokens.verify(up.secret)).toEqual({ ok: false, reason: 'revoked' })
    // Nobody may ever repeat the request.
    expect(leaks).toEqual(['up'])
    failing.clear()
    expect((await send(matches)).status).toBe(200)
    expect(await tokens.verify(down.secret)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('answers 503 and reports it if a line grew faster than it could be ended', async () => {
    const { tokens, issue, errors } = setUp()
    const { secret } = await issue()
    const conflict = new TokenError('invalid_transition', 'others kept making tokens')
    const growing = { revokeSecret: async () => Promise.reject(conflict) }
    const onError = (error: Error) => errors.push(error)
    const handler = secretScanningHandler([growing, tokens], { keysUrl: github.keysUrl, onError })
    expect(await handler(requestOf(JSON.stringify([match(secret)])))).toMatchObject({ status: 503 })
    expect(errors).toEqual([conflict])
  })

  it('ends nothing unless GitHub has signed the body to the byte', async () => {
    const { tokens, handler, issue } = setUp()
    const { secret } = await issue()
    const body = JSON.stringify([match(secret)])
    const signed = github.headersFor(body)
    const { 'github-public-key-signature': signature = '', ...unsigned } = signed
    const wrong: readonly [string, Record<string, string>][] = [
      [`${body} `, signed],
      [body, unsigned],
      [
        body,
        { ...unsigned, 'github-public-key-signature': github.headersFor('[]')['github-public-key-signature'] ?? '' },
      ],
      [body, { ...unsigned, 'github-public-key-signature': signature.repeat(3) }],
      [body, { ...signed, 'github-public-key-identifier': '__proto__' }],
      [body, { 'content-type': 'application/json' }],
    ]
    for (const [sent, headers] of wrong) {
      const answer = await handler(requestOf(sent, headers))
      expect([403, 503]).toContain(answer.status)
      expect(answer.body).not.toContain(secret)
    }
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
  })

  it('refuses a signed body in another form, and quotes none of it', async () => {
    const { send, handler } = setUp()
    const secret = generateSecret('acme_pat', '00')
    for (const wrong of [{}, [secret], [{ token: secret }], [{ token: 1, type: 'a' }], [null]]) {
      const { status, body } = await send(wrong)
      expect({ status, quotes: body.includes(secret) }).toEqual({ status: 400, quotes: false })
    }
    expect((await handler(requestOf(`[${secret}`))).body).not.toContain(secret)
    expect(await handler({ ...requestOf('[]'), method: 'GET' })).toMatchObject({ status: 405 })
    const long = `[${' '.repeat(102_400)}]`
    expect(await handler(requestOf(long))).toMatchObject({ status: 413 })
    expect(answered(await send([]))).toEqual({ status: 200, body: [] })
  })

  it("accepts the signature of GitHub's own example", async () => {
    const pem = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE9MJJHnMfn2+H4xL4YaPDA4RpJqUq
kCmRCBnYERxZanmcpzQSXs1X/AljlKkbJ8qpVIW4clayyef9gWhFbNHWAA==
-----END PUBLIC KEY-----`
    const identifier = '90a421169f0a406205f1563a953312f0be898d3c7b6c06b681aa86a874555f4a'
    const fetch = async () => Response.json({ public_keys: [{ key_identifier: identifier, key: pem }] })
    const { handler } = setUp({ fetch })
    const answer = await handler(
      requestOf('[{"token":"some_token","type":"some_type","url":"some_url"}]', {
        'content-type': 'application/json',
        'github-public-key-identifier': identifier,
        'github-public-key-signature':
          'MEUCIQDKZokqnCjrRtw0tni+2Ltvl/uiMJ1EGumEsp1BsNr32AIgQY1YXD2nlj+XNfGK4rBfkMJ1JDOQcYXxa2sY8FNkrKc=',
      }),
    )
    expect(answered(answer)).toEqual({ status: 200, body: [label('some_token', 'false_positive', 'some_type')] })
  })

  it('refuses wrong options by name when it is built', () => {
    const { tokens } = setUp()
    const build = (options: object) => () => secretScanningHandler(tokens, options)
    expect(build({ keysUrl: 'http://api.github.com/keys' })).toThrow('option "keysUrl" must be an https URL')
    expect(build({ answerWith: 'both' })).toThrow('option "answerWith" must be hash or raw')
    expect(build({ onleak: () => {} })).toThrow(TypeError)
    expect(() => secretScanningHandler([])).toThrow('must hold tokens')
    expect(() => secretScanningHandler({} as never)).toThrow('what createTokens() returns')
  })
})
