import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFourApis } from '../support/four-apis/four-apis-server.ts'
import type { FourApisServer } from '../support/four-apis/four-apis-server.ts'

describe('the token page of the example server', () => {
  let server: FourApisServer
  beforeAll(async () => void (server = await startFourApis()))
  afterAll(() => server.process.end())

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(server.announcement.url + path, { redirect: 'manual', ...init })
  const post = (
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ) => ask(path, { method: 'POST', body: new URLSearchParams(fields), headers })
  const cookieOf = async (person: string) =>
    (await post('/login', { person })).headers.get('set-cookie')?.split(';')[0] ?? ''

  it('is for whoever signed in, and says that this asks for no password', async () => {
    expect(server.announcement.apis.standard).toMatchObject({ page: '/tokens', login: '/login' })
    expect((await ask('/tokens')).status).toBe(401)
    const signedIn = await post('/login', { person: 'admin' })
    expect([signedIn.status, signedIn.headers.get('location')]).toEqual([303, '/tokens'])
    expect(signedIn.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/)
    const page = await (await ask('/tokens', { headers: { cookie: await cookieOf('admin') } })).text()
    expect(page).toContain('no password')
    expect(page).toContain('Valid')
    for (const person of ['', 'root', '__proto__']) expect((await post('/login', { person })).status).toBe(400)
    for (const forged of ['person=root', 'person=constructor', 'xperson=admin'])
      expect((await ask('/tokens', { headers: { cookie: forged } })).status).toBe(401)
  })

  it('makes a token of the fifth API, and lets a member grant jobs:read and jobs:write only', async () => {
    const cookie = await cookieOf('member')
    const form = await (await ask('/tokens/new', { headers: { cookie } })).text()
    expect([...form.matchAll(/value="([a-z:-]+)" disabled/g)].map(([, scope]) => scope)).toEqual([
      'tokens:read',
      'tokens:write',
      'tokens:revoke-all',
    ])
    const key = /name="key" value="([^"]+)"/.exec(form)?.[1] ?? ''
    const fields = { name: 'Page', expiry: '7', networks: '', key }
    expect((await post('/tokens/new', { ...fields, scopes: 'tokens:read' }, { cookie })).status).toBe(403)
    const made = await post('/tokens/new', { ...fields, scopes: 'jobs:read' }, { cookie })
    const secret = /value="(acme_pat_\w{48})"/.exec(await made.text())?.[1] ?? ''
    expect((await ask('/api/jobs', { headers: { authorization: `Bearer ${secret}` } })).status).toBe(200)
  })
})
