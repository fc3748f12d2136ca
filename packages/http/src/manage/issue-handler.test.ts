import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NOW, OTHER_OWNER, OWNER, PERSON, openApi } from '../../testing/open-api.ts'
import { cursor } from '../dialects/cursor.ts'
import { offset } from '../dialects/offset.ts'
import { paged } from '../dialects/paged.ts'
import { plain } from '../dialects/plain.ts'
import { standard } from '../dialects/standard/standard.ts'

const CI = { name: 'CI', scopes: ['jobs:read'] }

describe('issueHandler', () => {
  it('keeps with the token who issued it, and the attributes of the caller', async () => {
    const { call, tokens } = openApi(plain)
    const caller = { owner: OWNER, scopes: null, createdBy: 'ada@acme.test', attributes: { organizationId: 'org-1' } }
    await call('POST', '/', { caller, json: CI })
    const { tokens: issued } = await tokens.list(OWNER)
    expect(issued).toMatchObject([{ createdBy: 'ada@acme.test', attributes: { organizationId: 'org-1' } }])
  })

  it('hands on the attributes of the calling token', async () => {
    const { call, tokens } = openApi(plain)
    const attributes = { organizationId: 'org-1' }
    const { token: caller } = await tokens.issue({ owner: OWNER, ...CI, createdBy: 'ada', attributes })
    await expect(call('POST', '/', { caller, json: CI })).resolves.toMatchObject({
      json: { token: { organizationId: 'org-1' } },
    })
  })

  it('leaves out of the expiry what the rules of the API say', async () => {
    const { call } = openApi(plain, { expiry: { defaultMs: 1000 } })
    const expiring = (expiresAt: string | null) => ({ status: 201, json: { token: { expiresAt } } })
    await expect(call('POST', '/', { json: CI })).resolves.toMatchObject(expiring(new Date(NOW + 1000).toISOString()))
    await expect(call('POST', '/', { json: { ...CI, expiresAt: null } })).resolves.toMatchObject(expiring(null))
    const at = '2030-01-31T00:00:00.000Z'
    await expect(call('POST', '/', { json: { ...CI, expiresAt: at } })).resolves.toMatchObject(expiring(at))
  })

  it('lets a caller whom scopes do not limit grant any, and a token only its own', async () => {
    const { call } = openApi(plain)
    const issue = (scopes: string[] | null) => call('POST', '/', { caller: { owner: OWNER, scopes }, json: CI })
    await expect(issue(null)).resolves.toMatchObject({ status: 201 })
    await expect(issue(['jobs:read', 'jobs:write'])).resolves.toMatchObject({ status: 201 })
    await expect(issue(['jobs:write'])).resolves.toMatchObject({
      status: 403,
      json: { error: { code: 'FORBIDDEN', details: { scopes: ['jobs:read'] } } },
    })
    await expect(issue([])).resolves.toMatchObject({ status: 403 })
  })

  it.each([paged, plain, cursor, offset])('lists the scopes that are missing, and only those: %#', async (dialect) => {
    const { call } = openApi(dialect)
    const caller = { owner: OWNER, scopes: ['jobs:read', 'tokens:write'] }
    const json = { ...CI, scopes: ['jobs:read', 'jobs:write', 'jobs:run'] }
    const answer = await call('POST', '/', { caller, json })
    expect(answer.status).toBe(403)
    expect(JSON.stringify(answer.json)).toContain('needs: jobs:write jobs:run"')
    expect(answer.headers['WWW-Authenticate']).toContain('scope="jobs:write jobs:run"')
  })

  it('binds a token to the networks that the body names, and to those of the caller', async () => {
    const { call, tokens } = openApi(plain)
    const issue = (networks: unknown, ceiling: string[] | null) =>
      call('POST', '/', { caller: { owner: OWNER, scopes: null, networks: ceiling }, json: { ...CI, networks } })
    const newest = async () => (await tokens.list(OWNER, { window: 'all' })).tokens.map(({ networks }) => networks)
    await expect(issue(['::ffff:192.0.2.7'], null)).resolves.toMatchObject({ status: 201 })
    await expect(issue(undefined, ['10.0.0.0/8'])).resolves.toMatchObject({ status: 201 })
    await expect(issue(['10.1.0.0/16'], ['10.0.0.0/8'])).resolves.toMatchObject({ status: 201 })
    await expect(issue(null, null)).resolves.toMatchObject({ status: 201 })
    expect(await newest()).toEqual(expect.arrayContaining([['192.0.2.7/32'], ['10.0.0.0/8'], ['10.1.0.0/16'], null]))
    for (const [networks, ceiling] of [
      [['192.0.2.1/24'], null],
      ['192.0.2.1', null],
      [null, ['10.0.0.0/8']],
    ] as const) {
      const answer = await issue(networks, ceiling && [...ceiling])
      expect(answer).toMatchObject({ status: 400, json: { error: { details: { parameter: 'networks' } } } })
      expect(JSON.stringify(answer)).not.toMatch(/192\.0\.2\.1|10\.0\.0/)
    }
  })

  it('lets a wide scope grant a narrow one where wildcards are on', async () => {
    const { call } = openApi(plain, { wildcards: true })
    const caller = { owner: OWNER, scopes: ['jobs:*'] }
    await expect(call('POST', '/', { caller, json: CI })).resolves.toMatchObject({ status: 201 })
  })

  it('issues nothing that outlives the credential of the caller', async () => {
    const { call, clock } = openApi(plain)
    const expiresAt = new Date(clock.now + 1000)
    const issue = (json: object) => call('POST', '/', { caller: { owner: OWNER, scopes: null, expiresAt }, json })
    await expect(issue(CI)).resolves.toMatchObject({ json: { token: { expiresAt: expiresAt.toISOString() } } })
    for (const later of [null, '2030-01-31T00:00:00Z'])
      await expect(issue({ ...CI, expiresAt: later })).resolves.toMatchObject({
        status: 400,
        json: { error: { message: `expiresAt must be at most ${expiresAt.toISOString()}` } },
      })
  })

  it('issues nothing that outlives the overlap of a caller that was rotated, not by uses either', async () => {
    const sliding = { slidingMs: 3_600_000, maxMs: 36_000_000 }
    const { call, tokens, clock } = openApi(plain, { expiry: sliding })
    const { token } = await tokens.issue({ owner: OWNER, name: 'CI', scopes: ['jobs:read'] })
    await tokens.rotate(OWNER, token.id, { overlapMs: 60_000 })
    const caller = await tokens.get(OWNER, token.id)
    const end = clock.now + 60_000
    const answer = await call('POST', '/', { caller, json: CI })
    const { secret } = answer.json as { secret: string }
    expect(answer.json).toMatchObject({ token: { expiresAt: new Date(end).toISOString() } })
    clock.now = end - 1
    expect(await tokens.authenticate(secret)).not.toBeNull()
    await tokens.flush()
    clock.now = end
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'expired' })
    await expect(call('POST', '/', { caller, json: CI })).resolves.toMatchObject({ status: 401 })
  })

  it('refuses a caller whose credential has ended meanwhile, and issues nothing', async () => {
    const { call, clock, tokens } = openApi(plain)
    const caller = { owner: OWNER, scopes: null, expiresAt: new Date(clock.now + 1000) }
    clock.now += 1000
    await expect(call('POST', '/', { caller, json: CI })).resolves.toMatchObject({
      status: 401,
      headers: { 'WWW-Authenticate': expect.stringContaining('error="invalid_token"') },
    })
    expect(await tokens.list(OWNER)).toMatchObject({ tokens: [] })
    const fault = { ...caller, expiresAt: new Date('tomorrow') }
    await expect(call('POST', '/', { caller: fault, json: CI })).rejects.toMatchObject({
      details: { parameter: 'expiryCeiling' },
    })
  })

  it('issues what does if its options say so', async () => {
    const { call, clock } = openApi(plain, {}, { mayOutlive: true })
    const caller = { owner: OWNER, scopes: null, expiresAt: new Date(clock.now + 1000) }
    await expect(call('POST', '/', { caller, json: CI })).resolves.toMatchObject({
      json: { token: { expiresAt: null } },
    })
  })

  it('takes what is wrong with the caller for a fault of the app', async () => {
    const { call } = openApi(plain)
    const caller = { owner: '', scopes: null }
    await expect(call('POST', '/', { caller, json: CI })).rejects.toMatchObject({ details: { parameter: 'owner' } })
  })

  it('refuses a scope that the API does not know, without those that it knows', async () => {
    const { call } = openApi(paged, { scopes: ['jobs:write'] })
    const message = 'scopes must be known to this API, and jobs:read is not'
    const error = { code: 'invalid_parameter', message, field: 'scopes' }
    await expect(call('POST', '/', { json: CI })).resolves.toMatchObject({ status: 400, json: { error } })
  })

  it('names what is wrong as the client calls it', async () => {
    const { call } = openApi(paged)
    const late = { ...CI, expires_at: '2020-01-01T00:00:00Z' }
    await expect(call('POST', '/', { json: late })).resolves.toMatchObject({
      json: { error: { field: 'expires_at', message: 'expires_at must be a valid instant in the future' } },
    })
    await expect(call('POST', '/', { json: CI, headers: { 'idempotency-key': ['é'] } })).resolves.toMatchObject({
      json: { error: { field: 'Idempotency-Key' } },
    })
  })

  it('holds the keys of different owners apart', async () => {
    const { call } = openApi(plain)
    const issue = (owner: string, name: string) =>
      call('POST', '/', {
        caller: { owner, scopes: null },
        json: { ...CI, name },
        headers: { 'idempotency-key': ['a'] },
      })
    await expect(issue(OWNER, 'CI')).resolves.toMatchObject({ status: 201 })
    await expect(issue(OTHER_OWNER, 'CD')).resolves.toMatchObject({ status: 201 })
    await expect(issue(OWNER, 'CD')).resolves.toMatchObject({ status: 409 })
  })

  it('issues one token for equal requests at once under one key', async () => {
    const { call, tokens } = openApi(plain)
    const request = { json: CI, headers: { 'idempotency-key': ['a'] } }
    const answers = await Promise.all(Array.from({ length: 5 }, () => call('POST', '/', request)))
    expect(answers.filter(({ headers }) => headers['Idempotent-Replayed'] === 'true')).toHaveLength(4)
    await expect(tokens.list(OWNER)).resolves.toMatchObject({ tokens: [{ name: 'CI' }] })
  })

  it('gives the secret again to the calling token that asked, if the request carries its secret', async () => {
    const { call, tokens } = openApi(plain)
    const { token: caller, secret } = await tokens.issue({ owner: OWNER, ...CI })
    const bearer = (text: string) => ({ authorization: [`Bearer ${text}`], 'idempotency-key': ['a'] })
    const ask = (text = secret) => call('POST', '/', { caller, json: CI, headers: bearer(text) })
    const first = await ask()
    expect(first.json).toMatchObject({ secret: expect.stringMatching(/^ot_pat_/) })
    const again = await ask()
    expect(again).toMatchObject({ status: 201, text: first.text, headers: { 'Idempotent-Replayed': 'true' } })
    expect(again.headers).not.toHaveProperty('Tessera-Secret')
    for (const text of [(await tokens.issue({ owner: OWNER, ...CI })).secret, 'a.signed.token']) {
      expect((await ask(text)).json).not.toHaveProperty('secret')
    }
  })

  it('says how to go on in an answer without a secret, to a person too', async () => {
    const { call } = openApi(plain)
    const ask = () => call('POST', '/', { json: CI, headers: { 'idempotency-key': ['a'] } })
    expect((await ask()).headers).not.toHaveProperty('Tessera-Secret')
    const help = 'unavailable;help="rotate the token by its id, or revoke it and ask again under another key"'
    expect(await ask()).toMatchObject({ status: 201, headers: { 'Tessera-Secret': help } })
  })

  it('takes the key from the query too where the dialect says so, but not from both', async () => {
    const { call } = openApi(offset)
    const query = 'idempotency_key=a'
    await expect(call('POST', '/', { json: CI, query })).resolves.toMatchObject({ status: 201 })
    const replay = await call('POST', '/', { json: CI, headers: { 'idempotency-key': ['a'] } })
    expect(replay.headers).toHaveProperty('Idempotent-Replayed')
    const both = { json: CI, query, headers: { 'idempotency-key': ['a'] } }
    await expect(call('POST', '/', both)).resolves.toMatchObject({ status: 400 })
  })

  it('has an answer for every body, and never one that blames itself', async () => {
    const { call } = openApi(plain, { activeLimit: null })
    const value = fc.jsonValue({ maxDepth: 2 })
    const names = fc.constantFrom('name', 'scopes', 'expiresAt', '__proto__', 'owner', 'toString')
    const wellFormed = fc.record({ name: value, scopes: fc.oneof(value, fc.array(fc.string())), expiresAt: value })
    const bodies = fc.oneof(value, wellFormed, fc.dictionary(names, value)).map((json) => ({ json }))
    const raw = fc.oneof(fc.string(), fc.uint8Array()).map((body) => ({
      body,
      headers: { 'content-type': ['application/json'] },
    }))
    await fc.assert(
      fc.asyncProperty(fc.oneof(bodies, raw), async (facts) => {
        const { status } = await call('POST', '/', facts)
        expect([201, 400]).toContain(status)
      }),
      { numRuns: 2000 },
    )
  })

  it('takes attributes that the options allow, beside those of the caller, and names every other', async () => {
    const { call } = openApi(standard, {}, { attributes: ['team'] })
    const caller = { ...PERSON, attributes: { region: 'eu', team: 'all' } }
    const issue = (attributes: unknown) => call('POST', '/', { caller, json: { name: 'CI', scopes: [], attributes } })
    expect(await issue({ team: 'infra' })).toMatchObject({
      json: { token: { attributes: { region: 'eu', team: 'infra' } } },
    })
    expect(await issue({})).toMatchObject({ status: 201, json: { token: { attributes: caller.attributes } } })
    const wrong = [
      { region: 'us' },
      { team: 7 },
      { team: 'a'.repeat(1_025) },
      null,
      [],
      'infra',
      JSON.parse('{"__proto__":"a"}'),
    ]
    const refused = await Promise.all(wrong.map(issue))
    expect(refused.map(({ status, json }) => [status, (json as { detail: string }).detail])).toEqual([
      [400, 'region is not a known attribute. Known are team.'],
      [400, 'attributes.team must be a text'],
      [400, expect.stringContaining('attributes must be at most 32 texts')],
      ...[null, [], 'infra'].map(() => [400, 'attributes must be an object of texts']),
      [400, '__proto__ is not a known attribute. Known are team.'],
    ])
  })

  it('takes no attributes by default, and no field for them in another dialect', async () => {
    const json = { name: 'CI', scopes: [], attributes: {} }
    expect((await openApi(standard).call('POST', '/', { json })).status).toBe(201)
    expect(
      await openApi(standard).call('POST', '/', { json: { ...json, attributes: { admin: 'true' } } }),
    ).toMatchObject({
      status: 400,
      json: { detail: 'admin is not a known attribute. This request takes no attribute.' },
    })
    expect((await openApi(plain, {}, { attributes: ['team'] }).call('POST', '/', { json })).status).toBe(400)
    expect(() => openApi(standard, {}, { attributes: [''] })).toThrow(
      'option "attributes" must be a list of names such as team',
    )
  })
})
