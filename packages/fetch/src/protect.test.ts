import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Token } from '@tessera/core'
import { plain } from '@tessera/http'
import type { Caller } from '@tessera/http'
import { ORIGIN, openTokens } from '../testing/open-tokens.ts'
import { protect } from './protect.ts'
import { tokenHandler } from './token-handler.ts'

describe('protect', () => {
  it('calls the handler with the caller and what the framework hands on', async () => {
    const { tokens, request } = await openTokens()
    const get = protect(
      tokens,
      { scopes: ['jobs:read'] },
      async (_, auth, { params }: { params: Promise<{ id: string }> }) => {
        expectTypeOf(auth.token).toEqualTypeOf<Token>()
        return Response.json({ owner: auth.token.owner, ...(await params) })
      },
    )
    const response = await get(request('/jobs/1'), { params: Promise.resolve({ id: '1' }) })
    expect(await response.json()).toEqual({ owner: 'acme', id: '1' })
  })

  it('answers a refusal itself', async () => {
    const { tokens } = await openTokens()
    const get = protect(tokens, {}, () => {
      throw new Error('was called')
    })
    expect((await get(new Request(ORIGIN))).status).toBe(401)
  })

  it('asks a token once more, at a change in its handler, for its scopes and those asked later', async () => {
    for (const [scopes, later] of [
      [['jobs:read'], ['tokens:read']],
      [['tokens:read'], ['jobs:read']],
    ] as const) {
      const { tokens, id, request } = await openTokens()
      const manage = tokenHandler(tokens, { basePath: '/tokens', dialect: plain })
      const post = protect(tokens, { scopes }, async (asked, auth) => {
        expect(auth.require({ scopes: later }).ok).toBe(true)
        await tokens.edit('acme', id, { scopes: ['tokens:read'] })
        return manage(asked)
      })
      const { headers } = request('/')
      headers.set('content-type', 'application/json')
      const body = JSON.stringify({ name: 'CD', scopes: [] })
      expect((await post(request('/tokens', { method: 'POST', headers, body }))).status).toBe(403)
    }
  })

  it('lets the types say who may be missing', async () => {
    const { tokens } = await openTokens()
    const ada = { owner: 'acme', scopes: null }
    protect(tokens, { optional: true }, (_, auth) => {
      expectTypeOf(auth.token).toEqualTypeOf<Token | null>()
      expectTypeOf(auth.caller).toEqualTypeOf<Caller | null>()
      return new Response()
    })
    protect(tokens, { caller: () => ada }, (_, auth) => {
      expectTypeOf(auth.token).toEqualTypeOf<Token | null>()
      expectTypeOf(auth.caller).toEqualTypeOf<Caller>()
      return new Response()
    })
    // @ts-expect-error: a slip does not compile, nor is it built.
    expect(() => protect(tokens, { scope: ['jobs:read'] }, () => new Response())).toThrow('"scope"')
    // @ts-expect-error: a handler is wanted.
    expect(() => protect(tokens, {})).toThrow('protect: give a function')
  })

  it('adds to the links of the app, and leaves its other headers', async () => {
    const { tokens } = await openTokens()
    const expiresAt = new Date(Date.now() + 60_000)
    const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [], expiresAt })
    const endNotice = { withinMs: 120_000, link: 'https://acme.test/end' }
    const own = { link: '</jobs?page=2>; rel="next"', sunset: 'Fri, 08 Jan 2027 00:00:00 GMT' }
    const get = protect(tokens, { endNotice }, () => new Response('', { headers: own }))
    const { headers } = await get(new Request(ORIGIN, { headers: { authorization: `Bearer ${secret}` } }))
    expect(headers.get('link')).toBe(
      '</jobs?page=2>; rel="next", <https://acme.test/end>; rel="deprecation", <https://acme.test/end>; rel="sunset"',
    )
    expect([headers.get('sunset'), headers.get('deprecation')]).toEqual([own.sunset, expect.stringMatching(/^@/)])
  })

  it('keeps answers to tokens in the query out of shared caches', async () => {
    const { tokens, secret } = await openTokens()
    const inQuery = () => new Request(`${ORIGIN}/?access_token=${secret}`)
    const answered = async (response: Response) =>
      (await protect(tokens, { carriers: { query: true } }, () => response)(inQuery())).headers.get('cache-control')
    expect(await answered(Response.redirect(`${ORIGIN}/jobs`, 303))).toBe('private')
    expect(await answered(new Response('', { headers: { 'cache-control': 'no-store' } }))).toBe('no-store')
    expect(await answered(new Response('', { headers: { 'cache-control': 'public' } }))).toBe('private')
    expect(await answered(Response.error())).toBeNull()
  })
})
