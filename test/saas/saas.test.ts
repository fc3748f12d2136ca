import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { join as joinPath } from 'node:path'
import Database from 'libsql'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hasPostgres, startPostgres } from '../postgres/index.ts'
import type { PostgresServer } from '../postgres/index.ts'
import { PASSWORD, invite, join, pathOf, signUp } from './person.ts'
import type { Person } from './person.ts'
import { startSaas } from './saas-server.ts'
import type { SaasServer } from './saas-server.ts'

const LEAK_SECRET = 'shared with the scanner, and nobody else'
const env = { LEAK_WEBHOOK_SECRET: LEAK_SECRET, REQUESTS_PER_MINUTE: '12', PROXIES: '1', NOTICE_SECONDS: '1' }

describe.each(['SQLite', 'PostgreSQL'])('examples/saas on %s', (kind) => {
  const isPostgres = kind === 'PostgreSQL'
  let postgres: PostgresServer | undefined
  let server: SaasServer
  let ada: Person
  let ben: Person

  beforeAll(async () => {
    if (isPostgres && !hasPostgres) return
    postgres = isPostgres ? await startPostgres() : undefined
    const url = { DATABASE_URL: postgres?.url ?? 'sqlite:saas.db', PUBLIC_URL: 'https://app.example.com' }
    server = await startSaas({ ...env, ...(isPostgres && url) })
    ada = await signUp(server.url, 'Ada')
    ben = await join(server.url, 'Ben', ada, 'admin')
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await postgres?.stop()
  })

  /** Changes the database behind the app's back. */
  async function execute(text: string): Promise<void> {
    if (postgres === undefined) {
      const database = new Database(joinPath(server.folder, 'saas.db'), { timeout: 1_000 })
      database.exec(text)
      database.close()
      return
    }
    const pool = new Pool({ connectionString: postgres.url })
    await pool.query(text)
    await pool.end()
  }

  async function ask(path: string, secret: string, init: RequestInit = {}): Promise<Response> {
    return fetch(server.url + path, { ...init, headers: { ...init.headers, authorization: `Bearer ${secret}` } })
  }
  const statusOf = async (path: string, secret: string) => (await ask(path, secret)).status

  /** Reports a leaked token, beside one that is none. */
  function report(secret: string, { key = LEAK_SECRET, ageSeconds = 0 } = {}): Promise<Response> {
    const seconds = Math.floor(Date.now() / 1000) - ageSeconds
    const body = JSON.stringify([{ token: secret }, { token: 'acme_pat_unknown' }])
    const signature = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')
    const headers = { 'x-signature': `t=${seconds},v1=${signature}` }
    return fetch(`${server.url}/hooks/leaked-tokens`, { method: 'POST', body, headers })
  }

  describe.skipIf(isPostgres && !hasPostgres)('the app', () => {
    /** What no database changes is asked on one. */
    const onSqlite = isPostgres ? [] : [kind]
    const onPostgres = isPostgres ? [kind] : []

    it('serves a token and a session alike, and asks both for the scope', async () => {
      await ada.post('/projects', { name: 'Aqueduct' })
      const reader = await ada.makeToken('Reader', ['projects:read'])
      const answers = [await ask('/api/projects', reader), await ada.get('/api/projects')]
      for (const answer of answers) expect(await answer.json()).toMatchObject({ projects: [{ name: 'Aqueduct' }] })
      const json = { method: 'POST', body: '{"name":"Forum"}', headers: { 'content-type': 'application/json' } }
      expect((await ask('/api/projects', reader, json)).status).toBe(403)
      expect((await ada.get('/api/projects', json)).status).toBe(201)
      const latin = { ...json, headers: { 'content-type': 'application/json; charset=latin1' } }
      expect(await (await ada.get('/api/projects', latin)).json()).toMatchObject({ code: 'unsupported_media_type' })
      expect((await fetch(`${server.url}/api/projects`)).headers.get('www-authenticate')).toBe('Bearer realm="api"')
      const bad = { authorization: `Bearer ${reader.slice(0, -1)}` }
      expect((await ada.get('/api/projects', { headers: bad })).status).toBe(401)
    })

    it('takes from a token at once what its person may not do any more, and gives nothing back later', async () => {
      const secret = await ben.makeToken('Reports', ['projects:read', 'people:read'])
      const statuses = async () => [await statusOf('/api/people', secret), await statusOf('/api/projects', secret)]
      expect(await statuses()).toEqual([200, 200])
      await execute(`update memberships set role = 'member' where role = 'admin'`)
      expect(await statuses()).toEqual([403, 200])
      expect((await ben.get('/people')).status).toBe(403)

      const path = await pathOf(ada, ben)
      for (const role of ['admin', 'member', 'admin']) {
        expect((await ada.post(`${path}/role`, { role })).headers.get('location')).toBe('/people')
        expect((await ben.get('/people')).status).toBe(role === 'admin' ? 200 : 403)
        if (role === 'admin') expect(await statuses()).toEqual([403, 200])
      }
    })

    it('ends the invitations of a person whose role changes, and lets no member use one up', async () => {
      const [left, open, path] = [await invite(ben, 'member'), await invite(ada, 'member'), await pathOf(ada, ben)]
      expect((await ben.post(`/invitations/${open}`)).headers.get('location')).toBe('/projects')
      for (const role of ['member', 'admin']) await ada.post(`${path}/role`, { role })
      const statuses = [left, open].map(async (code) => (await ada.get(`/invitations/${code}`)).status)
      expect(await Promise.all(statuses)).toEqual([404, 200])
    })

    it.each(onSqlite)('lets nobody act beyond their role', async () => {
      const [ofAda, ofBen] = [await pathOf(ada, ada), await pathOf(ada, ben)]
      await ada.post(`${ofBen}/role`, { role: 'member' })
      const offered = [...(await ben.text('/tokens/new')).matchAll(/value="([a-z]+:[a-z]+)"(?! disabled)/g)]
      expect(offered.map(([, scope]) => scope)).toEqual(['projects:read', 'projects:write'])
      await expect(ben.makeToken('Beyond', ['audit:read'])).rejects.toThrow('no token')
      for (const path of [`${ofAda}/remove`, '/people/invite', '/organizations/rename'])
        expect((await ben.post(path, { role: 'member', name: 'Mine' })).status, path).toBe(403)
      expect((await ben.get('/audit')).status).toBe(403)
      expect((await ada.post(`${ofAda}/remove`)).status, 'the last owner').toBe(409)
    })

    it('refuses the tokens of a removed person at once, and shows that person nothing of the organization', async () => {
      const secret = await ben.makeToken('Script', ['projects:read'])
      for (const [ended, status] of [
        ['1', 401],
        ['null', 200],
      ] as const) {
        await execute(`update memberships set ended_at = ${ended} where role <> 'owner'`)
        expect(await statusOf('/api/projects', secret)).toBe(status)
      }
      const [ofAda, organization] = [await pathOf(ada, ada), await startOrganization(ada)]
      await ada.post(`${await pathOf(ada, ben)}/remove`)
      expect(await statusOf('/api/projects', secret)).toBe(401)
      expect((await ben.get('/projects')).headers.get('location')).toBe('/organizations')
      expect((await ben.get('/api/projects')).status).toBe(401)
      expect((await ben.post('/organizations/rename', { name: 'Mine' })).status).toBe(403)
      await ben.post('/organizations', { name: 'House of Ben' })
      await ben.post(`/organizations/${organization}/switch`)
      expect(await (await ben.get('/api/me')).json()).toMatchObject({ organization: 'House of Ben' })
      expect((await ben.post(`${ofAda}/remove`)).status).toBe(404)
      await execute('update memberships set ended_at = null')
      expect(await statusOf('/api/projects', secret)).toBe(401)
    })

    it.each(onSqlite)('limits the requests of each token by its own attribute, refused ones too', async () => {
      const [busy, calm] = [await ada.makeToken('Busy', []), await ada.makeToken('Calm', [])]
      const paths = Array.from({ length: 13 }, (_, index) => (index % 2 === 0 ? '/api/me' : '/api/people'))
      const answers = await Promise.all(paths.map((path) => ask(path, busy)))
      const [refused, ...more] = answers.filter(({ status }) => status === 429)
      expect(more).toEqual([])
      expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(await refused?.json()).toMatchObject({ status: 429, code: 'rate_limited' })
      expect(await statusOf('/api/me', calm)).toBe(200)
    })

    it('ends a reported token with its line, if the report is signed and fresh', async () => {
      const secret = await ada.makeToken('Leaky', [])
      const wrongs = [report(secret, { key: 'another' }), report(secret, { ageSeconds: 600 })]
      for (const wrong of wrongs) expect((await wrong).status).toBe(401)
      expect(await statusOf('/api/me', secret)).toBe(200)
      expect(await (await report(secret)).json()).toEqual({ ended: 1, unknown: 1 })
      expect(await statusOf('/api/me', secret)).toBe(401)
    })

    it.each(onSqlite)('refuses the forms of another site, and its calls by the session', async () => {
      const cross = { 'sec-fetch-site': 'cross-site' }
      for (const path of ['/projects', '/people/invite', '/tokens/new', '/sign-out', '/sign-in', '/api/projects'])
        expect((await ada.post(path, {}, cross)).status, path).toBe(403)
      expect((await ada.get('/projects')).status).toBe(200)
    })

    it('keeps the session in a cookie that no page and no other site reads', () => {
      expect(ada.setCookie()).toMatch(
        isPostgres
          ? /^__Host-session=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/
          : /^session=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
      )
    })

    it.each(onSqlite)('gives another cookie to whoever signs in, and ends the one before', async () => {
      const before = ada.cookie()
      await ada.signIn()
      expect(ada.cookie()).not.toBe(before)
      const old = await fetch(`${server.url}/projects`, { headers: { cookie: before }, redirect: 'manual' })
      expect(old.headers.get('location')).toBe('/sign-in')
    })

    it.each(onSqlite)('slows down whoever guesses a password, and shuts nobody else out', async () => {
      const statuses: number[] = []
      for (const guess of ['correct horse', '', '', '', '', PASSWORD]) statuses.push((await ada.signIn(guess)).status)
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
      const elsewhere = { 'x-forwarded-for': '192.0.2.7' }
      const own = await ada.post('/sign-in', { email: ada.email, password: PASSWORD }, elsewhere)
      expect(own.headers.get('location')).toBe('/projects')
    })

    it('writes what happened into the audit, and shows it', async () => {
      await vi.waitFor(async () => {
        const page = await ada.text('/audit')
        for (const type of ['issued', 'refused', 'role changed', 'removed', 'revoked', 'joined'])
          expect(page).toContain(`<td>${type}</td>`)
        expect(page).not.toMatch(/acme_pat_\w{40}/)
      }, 5_000)
    })

    it.each(onPostgres)('is not ready while its database is stopped, but lives', async () => {
      const status = async (path: string) => (await fetch(server.url + path)).status
      expect([await status('/ready'), await status('/live')]).toEqual([200, 200])
      const secret = await ada.makeToken('Patient', ['projects:read'])
      await postgres?.kill()
      await vi.waitFor(async () => expect(await status('/ready')).toBe(503), { timeout: 5_000, interval: 100 })
      expect(await status('/live')).toBe(200)
      expect([(await ada.get('/projects')).status, (await report(secret)).status]).toEqual([503, 503])
      for (const answer of [await ada.get('/api/projects'), await ask('/api/projects', secret)])
        expect(await answer.json()).toMatchObject({ status: 503, code: 'unavailable' })
      await postgres?.restart()
      await vi.waitFor(async () => expect(await status('/ready')).toBe(200), 5_000)
    })

    it.each(onSqlite)('limits by address what no token and no session permits', async () => {
      const guess = () => fetch(`${server.url}/api/me`, { headers: { 'x-forwarded-for': '192.0.2.9' } })
      const statuses = new Set<number>()
      for (let round = 0; round < 7; round += 1)
        for (const { status } of await Promise.all(Array.from({ length: 50 }, guess))) statuses.add(status)
      expect([...statuses]).toEqual([401, 429])
      expect((await ada.get('/api/me')).status).toBe(200)
    })

    it.each(onSqlite)('changes nothing by a form that was opened in another organization, and says so', async () => {
      const hidden = async (path: string, name: string) =>
        new RegExp(`name="${name}" value="([^"]+)"`).exec(await ada.text(path))?.[1] ?? ''
      const [organization, owner] = [await hidden('/projects', 'organization'), await hidden('/tokens/new', 'owner')]
      await ada.post('/organizations', { name: 'Third' })
      const form = { name: 'Of another tab', organization, owner, role: 'member', expiry: '30' }
      for (const path of ['/projects', '/people/invite', '/organizations/rename', '/tokens/new']) {
        const refused = await ada.post(path, form)
        expect([path, refused.status]).toEqual([path, 409])
        expect(await refused.text()).toMatch(
          /opened (in another organization, and you work in Third|for another account)/,
        )
      }
      expect(await ada.text('/projects')).not.toContain('Of another tab')
      await ada.post(`/organizations/${organization}/switch`)
    })

    it('ends a session with its cookie', async () => {
      const ended = ben.cookie()
      await ben.post('/sign-out')
      const gone = await fetch(`${server.url}/projects`, { headers: { cookie: ended }, redirect: 'manual' })
      expect(gone.headers.get('location')).toBe('/sign-in')
    })

    it('gives notice on SIGTERM, answers what comes meanwhile and what is under way, and ends cleanly', async () => {
      const body = 'name=Late'
      const headers = { cookie: ada.cookie(), expect: '100-continue', 'content-length': body.length }
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      const late = request(`${server.url}/projects`, { method: 'POST', headers: { ...headers, ...type } })
      late.flushHeaders()
      await once(late, 'continue')
      const end = server.app.end()
      await vi.waitFor(async () => expect((await fetch(`${server.url}/ready`)).status).toBe(503))
      expect((await ada.get('/projects')).status).toBe(200)
      late.end(body)
      const [answer] = (await once(late, 'response')) as [IncomingMessage]
      expect(answer.headers.location).toBe('/projects')
      answer.resume()
      expect(await end).toEqual({ code: 0, signal: null })
      if (!isPostgres) expect(server.app.stderr()).toBe('')
    })
  })
})

/** Starts another organization, and answers the id of the first. */
async function startOrganization(person: Person): Promise<string> {
  await person.post('/organizations', { name: 'Second' })
  const [, id = ''] = /organizations\/([0-9a-f-]{36})\/switch/.exec(await person.text('/organizations')) ?? []
  await person.post(`/organizations/${id}/switch`)
  return id
}
