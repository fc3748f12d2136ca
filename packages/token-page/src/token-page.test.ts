import { describe, expect, it } from 'vitest'
import { hidden, keyOf, NOW, person, secretIn, visitor } from '../testing/visit.ts'

const DAY_MS = 86_400_000
const form = { name: 'CI', scopes: ['jobs:read'], expiry: '30', date: '', networks: '', key: keyOf(1) }

describe('tokenPage', () => {
  it('answers with a policy that lets in nothing but its own style sheet and script, and keeps no page', async () => {
    const { headers } = await visitor().get('/')
    const policy = headers['Content-Security-Policy'] ?? ''
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
    )
    expect(headers).toMatchObject({
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
    })
  })

  it('makes a token with the chosen scopes and expiry for the owner of the person', async () => {
    const { tokens, post } = visitor()
    const made = await post('/new', { ...form, networks: '192.0.2.0/24\n2001:db8::/32' })
    expect(made.status).toBe(201)
    const token = await tokens.authenticate(secretIn(made), { ip: '192.0.2.7' })
    expect(token).toMatchObject({ owner: 'acme', name: 'CI', scopes: ['jobs:read'], createdBy: 'ada@example.com' })
    expect(token?.expiresAt?.getTime()).toBe(NOW + 30 * DAY_MS)
    expect(token?.networks).toEqual(['192.0.2.0/24', '2001:db8::/32'])
  })

  it('shows a secret in one answer: neither a repeated form nor any page has it', async () => {
    const { tokens, get, post } = visitor()
    const made = await post('/new', form)
    const secret = secretIn(made) ?? ''
    const again = await post('/new', form)
    expect(secretIn(again)).toBeUndefined()
    expect(again.body).toContain('This token was created already')
    const { tokens: all } = await tokens.list('acme')
    expect(all).toHaveLength(1)
    for (const path of ['/', `/${all[0]?.id}`, `/${all[0]?.id}/revoke`])
      expect((await get(path)).body).not.toContain(secret)
    expect(JSON.stringify(made.headers)).not.toContain(secret)
  })

  it('shows when each scope of a token was last asked, if that is recorded', async () => {
    const { tokens, get } = visitor({}, { recordScopesAsked: true })
    const { token, secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: ['jobs:read', 'jobs:write'] })
    expect((await get(`/${token.id}`)).body).not.toContain('asked')
    await tokens.verify(secret, { scopes: ['jobs:read'] })
    const { body } = await get(`/${token.id}`)
    const day = new Date(NOW).toISOString().slice(0, 10)
    expect(body).toContain(`<code>jobs:read</code> last asked on ${day}`)
    expect(body).toContain(`<code>jobs:write</code> not asked since ${day}`)
  })

  it('makes one token of a form that is reloaded later, and none of one that is too old', async () => {
    let now = NOW
    const { tokens, post } = visitor({ now: () => now }, { now: () => now })
    await post('/new', form)
    now += 3_600_000
    expect((await post('/new', form)).body).toContain('This token was created already')
    now += DAY_MS
    const old = await post('/new', form)
    expect(old.status).toBe(409)
    expect(hidden(old, 'key')).toMatch(new RegExp(`^page:${now}:`))
    expect((await tokens.list('acme')).total).toBe(1)
  })

  it('makes no token of a form that was opened for another owner, and says so', async () => {
    const { tokens, get, post } = visitor()
    const owner = hidden(await get('/new'), 'owner')
    const elsewhere = { caller: { ...person, owner: 'other' } }
    const refused = await post('/new', { ...form, owner }, elsewhere)
    expect([refused.status, hidden(refused, 'owner')]).toEqual([409, 'other'])
    expect(refused.body).toContain('This form was opened for another account.')
    expect((await tokens.list('other')).total).toBe(0)
    await post('/new', { ...form, owner: 'other', key: hidden(refused, 'key') }, elsewhere)
    expect((await tokens.list('other')).total).toBe(1)
  })

  it('fills the form in from a link, with scopes of the person only', async () => {
    const member = { caller: { ...person, scopes: ['jobs:read'] } }
    const { body } = await visitor().get('/new?name=CI%3Cb%3E&scopes=jobs:read,nodes:read&days=90', member)
    expect(body).toContain('value="CI&lt;b&gt;"')
    expect(body).toMatch(/value="jobs:read" checked/)
    expect(body).toMatch(/value="nodes:read" disabled/)
    expect(body).toMatch(/value="90" required checked/)
  })

  it.each([
    ['name', { name: ' ' }, 'Give a name'],
    ['scopes', { scopes: ['jobs:*'] }, 'Choose scopes from the list'],
    ['expiry', { expiry: '31' }, 'Choose a date'],
    ['expiry', { expiry: 'same' }, 'Choose a date'],
    ['expiry', { expiry: 'date', date: '2030-02-30' }, 'Choose a date'],
    ['expiry', { expiry: 'date', date: '2029-01-01' }, 'Choose a date'],
    ['networks', { networks: '192.0.2.0/33' }, 'Give up to 50 addresses'],
    ['date', { date: '2031-01-31' }, 'A date is filled in beside another choice'],
  ])('gives a form with a wrong %s back with its values, and makes nothing', async (_, wrong, reason) => {
    const { tokens, post } = visitor()
    const answer = await post('/new', { ...form, name: 'Deploy <key>', ...wrong })
    expect(answer.status).toBe(400)
    expect(answer.body).toContain(reason)
    if (!('name' in wrong)) expect(answer.body).toContain('value="Deploy &lt;key&gt;"')
    expect((await tokens.list('acme')).total).toBe(0)
  })

  it('grants nobody more than they may do', async () => {
    const { tokens, post } = visitor()
    const caller = { ...person, scopes: ['jobs:read'] }
    expect((await post('/new', { ...form, scopes: ['jobs:write'] }, { caller })).status).toBe(403)
    const { token } = await tokens.issue({ owner: 'acme', name: 'Admin', scopes: ['nodes:read'] })
    expect((await post(`/${token.id}/rotate`, { overlap: '0', key: keyOf(2) }, { caller })).status).toBe(403)
    const edit = {
      name: 'Admin',
      scopes: ['nodes:read', 'jobs:write'],
      expiry: 'same',
      networks: '',
      seen: String(NOW),
    }
    expect((await post(`/${token.id}/edit`, edit, { caller })).status).toBe(403)
    // It had these scopes before: to resume it gives nothing.
    await tokens.suspend('acme', token.id)
    expect((await post(`/${token.id}/resume`, {}, { caller })).headers['Location']).toContain('nowActive')
  })

  it('says how many tokens there are and may be, and refuses one above', async () => {
    const { get, post } = visitor({}, { activeLimit: 1 })
    await post('/new', form)
    expect((await get('/')).body).toContain('1 active token of 1')
    const refused = await post('/new', { ...form, key: keyOf(2) })
    expect(refused.status).toBe(409)
    expect(refused.body).toContain('There are 1 active tokens of 1')
  })

  it('lists 50 tokens a page, newest first, and filters by name, status and maker', async () => {
    const { tokens, get } = visitor({}, { activeLimit: null })
    for (let each = 0; each < 60; each++)
      await tokens.issue({
        owner: 'acme',
        name: `Job ${each}`,
        scopes: [],
        createdBy: each % 2 ? 'ada@example.com' : null,
      })
    const first = await get('/')
    expect(rowsIn(first.body)).toHaveLength(50)
    const link = /href="\/tokens(\?after=[^"]+)"/.exec(first.body)?.[1] ?? ''
    const second = await get(`/${link}`)
    expect(rowsIn(second.body)).toHaveLength(10)
    expect(new Set([...rowsIn(first.body), ...rowsIn(second.body)]).size).toBe(60)
    expect(rowsIn((await get('/?q=job+59')).body)).toEqual(['Job 59'])
    expect(rowsIn((await get('/?maker=me&q=&status=&after=')).body)).toHaveLength(30)
    expect((await get('/?status=revoked')).body).toContain('No token matches')
    const nobody = { caller: { ...person, createdBy: null } }
    expect((await get('/?maker=me', nobody)).status).toBe(400)
    for (const wrong of ['status=gone', 'after=1.x', 'after=x', 'q=a&q=b', 'maker=all'])
      expect((await get(`/?${wrong}`)).status).toBe(400)
  })

  it('shows an empty state before the first token', async () => {
    expect((await visitor().get('/')).body).toContain('No tokens yet')
  })

  it('is there with a slash at the end of its paths, too', async () => {
    const { tokens, get, post } = visitor()
    const { token } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    for (const path of ['/', '/new/', `/${token.id}/`, `/${token.id}/revoke/`])
      expect((await get(path)).status).toBe(200)
    expect((await post('/new/', form)).status).toBe(201)
    for (const path of ['//', '/new//', `//${token.id}/`]) expect((await get(path)).status).toBe(404)
  })

  it('shows a name as text, wherever it stands', async () => {
    const { tokens, get } = visitor()
    const { token } = await tokens.issue({
      owner: 'acme',
      name: '<script>alert(1)</script>"&',
      scopes: [],
      createdBy: `"><img src=x>`,
    })
    for (const path of ['/', `/${token.id}`, `/${token.id}/revoke`, '/?q=%22%3E%3Cscript%3E']) {
      const { body } = await get(path)
      expect(body.replace(/<script type="module">[^]*?<\/script>/, '')).not.toMatch(/<script|<img/)
    }
  })
})

describe('a token of the page', () => {
  it('is edited, suspended, resumed and revoked, each time by way of a redirect', async () => {
    const { tokens, get, post } = visitor()
    const { token } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: ['jobs:read'] })
    const edit = { name: 'Build', scopes: ['nodes:read'], expiry: '7', date: '', networks: '', seen: String(NOW) }
    expect(await post(`/${token.id}/edit`, edit)).toMatchObject({
      status: 303,
      headers: { Location: `/tokens/${token.id}?done=saved` },
    })
    expect(await tokens.get('acme', token.id)).toMatchObject({
      name: 'Build',
      scopes: ['nodes:read'],
      expiresAt: new Date(NOW + 7 * DAY_MS),
    })
    for (const [action, status] of [
      ['suspend', 'suspended'],
      ['resume', 'active'],
      ['revoke', 'revoked'],
    ] as const) {
      const { headers } = await post(`/${token.id}/${action}`, {})
      expect((await tokens.get('acme', token.id))?.status).toBe(status)
      expect((await get(headers['Location']?.slice('/tokens'.length) ?? '')).body).toContain('role="status"')
    }
    expect((await get(`/${token.id}?done=nowActive`)).body).not.toContain('active again')
  })

  it('is not edited by a form that shows an earlier state: another tab narrowed it meanwhile', async () => {
    let now = NOW
    const { tokens, get, post } = visitor({}, { now: () => now++ })
    const { token } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: ['jobs:read', 'jobs:write'] })
    const seen = hidden(await get(`/${token.id}`), 'seen')
    await tokens.edit('acme', token.id, { scopes: ['jobs:read'] })
    const stale = await post(`/${token.id}/edit`, {
      name: 'CI',
      scopes: ['jobs:read', 'jobs:write'],
      expiry: 'same',
      networks: '',
      seen,
    })
    expect(stale.status).toBe(409)
    expect((await tokens.get('acme', token.id))?.scopes).toEqual(['jobs:read'])
  })

  it('is rotated with the chosen overlap, once for each form', async () => {
    const { tokens, get, post } = visitor()
    const { token, secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    const key = hidden(await get(`/${token.id}`), 'key')
    const rotated = await post(`/${token.id}/rotate`, { overlap: '3600', key })
    expect(rotated.status).toBe(201)
    expect((await tokens.get('acme', token.id))?.overlapEndsAt).toEqual(new Date(NOW + 3_600_000))
    expect((await tokens.list('acme', { createdBy: 'ada@example.com' })).tokens).toHaveLength(1)
    const again = await post(`/${token.id}/rotate`, { overlap: '3600', key })
    expect(secretIn(again)).toBeUndefined()
    expect(await tokens.authenticate(secret)).not.toBeNull()
    expect(await tokens.authenticate(secretIn(rotated))).not.toBeNull()
    expect(await tokens.authenticate(secret)).toBeNull()
    expect((await post(`/${token.id}/rotate`, { overlap: '5', key: keyOf(3) })).status).toBe(400)
  })

  it('is revoked after a question that shows its last use, with its line if it has leaked', async () => {
    const { tokens, get, post } = visitor()
    const { token, secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    expect((await get(`/${token.id}/revoke`)).body).toContain('never used')
    await tokens.authenticate(secret)
    await tokens.flush()
    expect((await get(`/${token.id}/revoke`)).body).toContain('It was last used')
    const { token: next } = await tokens.rotate('acme', token.id)
    await post(`/${token.id}/revoke`, { leaked: 'yes' })
    expect(await tokens.get('acme', next.id)).toMatchObject({ status: 'revoked', revokedReason: 'leaked' })
    expect((await get(`/${token.id}/revoke`)).status).toBe(303)
  })

  it('of another owner, and one that is none, is not found', async () => {
    const { tokens, get, post } = visitor()
    const { token } = await tokens.issue({ owner: 'other', name: 'CI', scopes: [] })
    for (const path of [`/${token.id}`, `/${token.id}/revoke`, '/acme_pat_0', '/%', '/a/b/c', `/${token.id}/delete`])
      expect((await get(path)).status).toBe(404)
    expect((await post(`/${token.id}/revoke`, {})).status).toBe(404)
    expect((await tokens.get('other', token.id))?.status).toBe('active')
  })
})

function rowsIn(body: string): readonly string[] {
  return [...body.matchAll(/<a href="\/tokens\/[^"?]+"><bdi>([^<]*)<\/bdi>/g)].map(([, name = '']) => name)
}
