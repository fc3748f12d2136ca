import { describe, expect, it } from 'vitest'
import { StoreError } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { hidden, keyOf, NOW, person, visitor } from '../testing/visit.ts'

const form = { name: 'CI', scopes: ['jobs:read'], expiry: '30', date: '', networks: '', key: keyOf(1) }

describe('a visit that is refused', () => {
  it('asks nobody for a token, but to sign in, and changes nothing', async () => {
    const { tokens, get, post } = visitor({ signIn: '/login' })
    for (const answer of [await get('/', { caller: null }), await post('/new', form, { caller: () => undefined })]) {
      expect(answer.status).toBe(401)
      expect(answer.headers).not.toHaveProperty('WWW-Authenticate')
      expect(answer.body).toContain('href="/login"')
    }
    expect((await tokens.list('acme')).total).toBe(0)
  })

  it.each([
    { 'sec-fetch-site': ['cross-site'] },
    { 'sec-fetch-site': ['same-site'] },
    { origin: ['https://evil.example'], host: ['app.example'] },
  ])('is a form of another site: %j', async (headers) => {
    const { tokens, post } = visitor()
    const sent = { headers: { 'content-type': ['application/x-www-form-urlencoded'], ...headers } }
    expect((await post('/new', form, sent)).status).toBe(403)
    expect((await tokens.list('acme')).total).toBe(0)
  })

  it('is of a method that a page has not', async () => {
    const { get } = visitor()
    expect(await get('/', { method: 'POST' })).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD' } })
    expect((await get('/new', { method: 'PUT' })).headers).toMatchObject({ Allow: 'GET, HEAD, POST' })
    expect((await get('/', { method: 'HEAD' })).status).toBe(200)
  })

  it.each([
    ['name', { name: ' ' }, /<input id="name"[^>]* aria-describedby="problem name-hint" aria-invalid="true"/],
    ['expiry', { expiry: 'date' }, /<input id="date"[^>]* aria-describedby="problem date-hint" aria-invalid="true"/],
    ['networks', { networks: 'x' }, /<textarea[^>]* aria-describedby="problem networks-hint" aria-invalid="true"/],
    ['scopes', { scopes: ['x'] }, /<fieldset aria-describedby="problem scopes-hint"/],
  ])('ties the reason to the field %s, and marks no other', async (_, wrong, marked) => {
    const { tokens, post } = visitor()
    const { token } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    for (const path of ['/new', `/${token.id}/edit`]) {
      const { body } = await post(path, { ...form, seen: String(NOW), ...wrong })
      expect(body).toMatch(marked)
      expect(body.match(/ aria-invalid="true"/g)?.length ?? 0).toBeLessThan(2)
    }
  })

  it.each([
    [403, { scopes: ['jobs:read', 'jobs:write'] }, false],
    [503, {}, true],
  ])('with %i gives the values of an edit, a rotation and a revocation back', async (status, wrong, isDown) => {
    const store = memoryStore()
    const { token } = await visitor({}, { store }).tokens.issue({ owner: 'acme', name: 'CI', scopes: ['nodes:read'] })
    const { post } = visitor({ onError: () => {} }, { store: isDown ? { ...store, change: fail } : store })
    const caller = { ...person, scopes: ['jobs:read'] }
    const edit = { ...form, ...wrong, name: 'Deploy', expiry: '7', networks: '192.0.2.1', seen: String(NOW) }
    const edited = await post(`/${token.id}/edit`, edit, { caller })
    expect(edited.status).toBe(status)
    expect(edited.body).toMatch(/name="name"[^>]*value="Deploy"/)
    expect(edited.body).toMatch(/value="jobs:read" checked/)
    expect(edited.body).toMatch(/value="jobs:write" disabled/)
    expect(edited.body).toMatch(/value="7" required checked/)
    expect(edited.body).toMatch(/>\s*192\.0\.2\.1<\/textarea>/)
    // Taken away in the form, and still to be had: the token has it.
    expect(edited.body).toMatch(/value="nodes:read">/)
    const rotated = await post(`/${token.id}/rotate`, { overlap: '3600', key: keyOf(1) }, { caller })
    expect(rotated.status).toBe(status)
    expect(rotated.body).toMatch(/value="3600" selected/)
    if (!isDown) return
    const revoked = await post(`/${token.id}/revoke`, { leaked: 'yes' })
    expect(revoked.status).toBe(503)
    expect(revoked.body).toMatch(/name="leaked" value="yes" checked/)
  })

  it('is told of a failing store, and keeps what was written', async () => {
    const store = memoryStore()
    const { post, get } = visitor(
      { onError: () => {} },
      { store: { ...store, change: fail, list: fail, insert: fail } },
    )
    const answer = await post('/new', { ...form, name: 'Deploy' })
    expect(answer).toMatchObject({ status: 503, headers: { 'Retry-After': '1' } })
    expect(answer.body).toContain('value="Deploy"')
    expect(hidden(answer, 'key')).toBe(keyOf(1))
    expect((await get('/')).status).toBe(503)
  })
})

async function fail(): Promise<never> {
  throw new StoreError('answer', new Error('down'))
}
