import { uuidIds } from '@tessera/core'
import type { Token } from '@tessera/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OTHER_OWNER, OWNER, openApi } from '../../../testing/open-api.ts'
import { sampleToken } from '../../../testing/sample-token.ts'
import { Problem } from '../../message/problem.ts'
import type { ProblemCode } from '../../message/problem.ts'
import { SNAKE_CODES } from '../snake-codes.ts'
import { standard, standardDialect } from './standard.ts'

const CI = { name: 'CI', scopes: ['jobs:read'] }
const CODES = Object.keys(SNAKE_CODES) as ProblemCode[]

interface Page {
  readonly tokens: readonly { readonly id: string; readonly name: string; readonly current: boolean }[]
  readonly next: string | null
}

describe('standard', () => {
  it('writes every fact of a token under its name in Token, and no other', () => {
    const at = new Date('2026-11-27T02:48:01.208Z')
    const facts: Partial<Token> = { networks: ['192.0.2.0/24'], attributes: { team: 'infra' }, createdBy: 'user-17' }
    const full = sampleToken({ ...facts, expiresAt: at, revokedAt: at, revokedReason: 'leaked', rotatedTo: 'b' })
    const written = standard.writeToken(full, { callerId: null })
    expect(JSON.parse(JSON.stringify(written))).toEqual({
      token: { ...JSON.parse(JSON.stringify(full)), current: false },
    })
  })

  it('leaves out no field for nothing', () => {
    const { token } = standard.writeToken(sampleToken(), { callerId: null }) as { token: Record<string, unknown> }
    expect(Object.values(token)).not.toContain(undefined)
    expect(token).toMatchObject({ networks: null, attributes: {}, lastUsedAt: null, overlapEndsAt: null })
  })

  it('says which token asks, in every answer', async () => {
    const { call, tokens } = openApi(standard)
    const scopes = ['tokens:read', 'tokens:write', 'jobs:read']
    const [{ token: caller }, { token }] = [
      await tokens.issue({ owner: OWNER, name: 'a', scopes }),
      await tokens.issue({ owner: OWNER, ...CI }),
    ]
    const asked = { caller }
    const { tokens: listed } = (await call('GET', '/', asked)).json as Page
    expect(listed.filter(({ current }) => current).map(({ id }) => id)).toEqual([caller.id])
    for (const path of ['/self', `/${caller.id}`])
      expect((await call('GET', path, asked)).json).toMatchObject({ token: { id: caller.id, current: true } })
    expect((await call('GET', `/${caller.id}`)).json).toMatchObject({ token: { current: false } })
    expect((await call('POST', '/', { ...asked, json: CI })).json).toMatchObject({
      token: { issuedBy: caller.id, current: false },
    })
    expect((await call('DELETE', `/${token.id}`, asked)).json).toMatchObject({ token: { current: false } })
    expect((await call('DELETE', '/self', asked)).json).toMatchObject({ token: { current: true, status: 'revoked' } })
  })

  it('gives a page the usage of the owner as a whole', async () => {
    const { call, tokens } = openApi(standard, { activeLimit: 3 })
    for (const name of ['a', 'b']) await tokens.issue({ owner: OWNER, name, scopes: [] })
    await tokens.issue({ owner: OTHER_OWNER, ...CI })
    const usage = { active: 2, limit: 3 }
    expect((await call('GET', '/', { query: 'limit=1&status=revoked' })).json).toEqual({
      tokens: [],
      next: null,
      usage,
    })
    expect((await call('GET', '/usage')).json).toEqual({ usage })
    expect((await openApi(standard, { activeLimit: null }).call('GET', '/usage')).json).toEqual({
      usage: { active: 0, limit: null },
    })
  })

  it('finds by each filter what it says', async () => {
    const { call, tokens, clock } = openApi(standard)
    const at = (hours: number) => new Date(clock.now + hours * 3_600_000)
    const [from, expiresAt] = [at(0), at(5)]
    const issue = (name: string, more = {}) => tokens.issue({ owner: OWNER, scopes: [], name, ...more })
    const { token: old } = await issue('old one', { createdBy: 'ada', scopes: ['jobs:read'], expiresAt })
    clock.now = at(1).getTime()
    const used = await issue('used', { createdBy: 'bob' })
    await tokens.suspend(OWNER, (await issue('idle')).token.id)
    clock.now = at(1).getTime()
    await tokens.verify(used.secret)
    await tokens.flush()
    const found = async (query: Record<string, string>) => {
      const answer = await call('GET', '/', { query: new URLSearchParams({ order: 'asc', ...query }).toString() })
      return (answer.json as Page).tokens.map(({ name }) => name).join()
    }
    const hourIn = new Date(from.getTime() + 3_600_000).toISOString()
    expect(await found({ status: 'suspended' })).toBe('idle')
    expect(await found({ name: 'ONE' })).toBe('old one')
    expect(await found({ createdBy: 'bob' })).toBe('used')
    expect(await found({ scope: 'jobs:read' })).toBe('old one')
    expect(await found({ issuedBy: old.id })).toBe('')
    expect(await found({ createdAfter: from.toISOString(), name: 'i' })).toBe('idle')
    expect(await found({ createdBefore: hourIn })).toBe('old one')
    expect(await found({ usedAfter: from.toISOString() })).toBe('used')
    expect(await found({ unusedSince: hourIn })).toBe('old one')
    expect(await found({ expiresBefore: new Date(expiresAt.getTime() + 1).toISOString() })).toBe('old one')
    expect(await found({ expiresBefore: expiresAt.toISOString() })).toBe('')
    expect(await found({ sort: 'lastUsedAt', status: 'active', order: 'desc' })).toBe('used,old one')
  })

  it('walks every page of any list, each token once', async () => {
    const { call, tokens, clock } = openApi(standard, { activeLimit: null })
    for (let number = 0; number < 23; number += 1) {
      clock.now += number % 3
      const { secret } = await tokens.issue({ owner: OWNER, name: `${number % 4}`, scopes: [] })
      if (number % 2 === 0) await tokens.verify(secret)
    }
    await tokens.flush()
    const lists = fc.record(
      {
        limit: fc.integer({ min: 1, max: 30 }),
        name: fc.constantFrom('1', '2', '7'),
        sort: fc.constantFrom('createdAt', 'lastUsedAt'),
        order: fc.constantFrom('asc', 'desc'),
      },
      { requiredKeys: ['limit'] },
    )
    await fc.assert(
      fc.asyncProperty(lists, async ({ limit, ...facts }) => {
        const query = new URLSearchParams(facts as Record<string, string>).toString()
        const whole = (await call('GET', '/', { query: `${query}&limit=100` })).json as Page
        const seen: string[] = []
        let next: string | null = null
        do {
          const after: string = next === null ? '' : `&after=${next}`
          const page = (await call('GET', '/', { query: `${query}&limit=${limit}${after}` })).json as Page
          expect(page.tokens.length).toBeLessThanOrEqual(limit)
          seen.push(...page.tokens.map(({ id }) => id))
          next = page.next
        } while (next !== null)
        expect(seen).toEqual(whole.tokens.map(({ id }) => id))
      }),
      { numRuns: 40 },
    )
  })

  it('refuses a place of another list, another owner or another hand with 400', async () => {
    const { call, tokens } = openApi(standard)
    for (const owner of [OWNER, OWNER, OTHER_OWNER, OTHER_OWNER]) await tokens.issue({ owner, ...CI })
    const { next } = (await call('GET', '/', { query: 'limit=1' })).json as Page
    const ask = async (query: string, owner = OWNER) =>
      (await call('GET', '/', { query, caller: { owner, scopes: null } })).status
    expect(await ask(`limit=2&after=${next}`)).toBe(200)
    for (const query of [
      `after=${next}&name=CI`,
      `after=${next}&order=asc`,
      `after=${next}A`,
      `after=${'A'.repeat(9_000)}`,
    ])
      expect(await ask(query)).toBe(400)
    expect(await ask(`after=${next}`, OTHER_OWNER)).toBe(400)
  })

  it.each([
    ['createdBy', 'createdBy='],
    ['createdBy', 'createdBy=a%00'],
    ['issuedBy', 'issuedBy=b'],
    ['scope', 'scope=a%20b'],
    ['name', `name=${'a'.repeat(256)}`],
  ])('takes a wrong %s for a fault of the client, and names it', async (parameter, query) => {
    expect((await openApi(standard).call('GET', '/', { query })).json).toMatchObject({
      status: 400,
      code: 'invalid_parameter',
      errors: [{ parameter, detail: expect.stringContaining(`${parameter} must be `) }],
    })
  })
})

describe('a problem of standard', () => {
  it.each(CODES)('has type, title, status and the stable code %s', (code) => {
    const problem = new Problem(code, 'Words.', { facts: { limit: 25, parameter: 'name' } })
    expect(standard.writeError(problem)).toEqual({
      type: 'about:blank',
      title: expect.stringMatching(/^[A-Z][a-z]+( [A-Z][a-z]+)*$/),
      status: problem.status,
      code,
      detail: 'Words.',
      limit: 25,
      errors: [{ parameter: 'name', detail: 'Words.' }],
    })
    expect(standard.writeError(problem)['title']).not.toBe('Error')
    expect(standardDialect({ problems: 'https://api.example.com/problems/' }).writeError(problem)).toMatchObject({
      type: `https://api.example.com/problems/${code}`,
    })
  })

  it('has the status and the media type of its answer, whatever is refused', async () => {
    const { call, tokens, outage } = openApi(standard, { activeLimit: 1 })
    const { token } = await tokens.issue({ owner: OWNER, ...CI })
    await tokens.revoke(OWNER, token.id)
    const json = { 'content-type': ['application/json'] }
    const weak = { caller: { owner: OWNER, scopes: [] } }
    await call('POST', '/', { json: CI })
    const asked = [
      await call('GET', '/', { caller: null }),
      await call('GET', '/', weak),
      await call('GET', '/', { query: 'limit=0' }),
      await call('GET', '/self'),
      await call('GET', `/${uuidIds.generate(0)}`),
      await call('PUT', '/'),
      await call('PUT', '/usage'),
      await call('GET', '/revoke-all'),
      await call('POST', `/${token.id}/rotate`),
      await call('POST', '/', { json: CI }),
      await call('POST', '/', { json: {} }),
      await call('POST', '/', { body: '{', headers: json }),
      await call('POST', '/', { body: '{}' }),
      await call('POST', '/', { json: { ...CI, name: 'a'.repeat(102_400) } }),
      await call('POST', '/', { ...weak, json: CI }),
    ]
    outage.error = new Error('down')
    asked.push(await call('GET', '/usage'), await call('GET', '/'))
    expect(asked.map(({ status }) => status)).toEqual([
      401, 403, 400, 404, 404, 405, 405, 405, 409, 409, 400, 400, 415, 413, 403, 503, 503,
    ])
    for (const { status, headers, json: problem } of asked) {
      expect(headers['Content-Type']).toBe('application/problem+json')
      expect(headers).not.toHaveProperty('ETag')
      expect(problem).toMatchObject({
        type: 'about:blank',
        title: expect.any(String),
        status,
        code: expect.any(String),
        detail: expect.any(String),
      })
    }
    expect(asked[0]?.headers).toHaveProperty('WWW-Authenticate', 'Bearer realm="api"')
    expect(asked[6]?.headers).toHaveProperty('Allow', 'GET, HEAD')
    expect(asked[7]?.headers).toHaveProperty('Allow', 'POST')
    expect(asked[9]?.json).toMatchObject({ code: 'active_limit_reached', limit: 1, active: 1 })
    expect(asked.at(-1)?.headers).toHaveProperty('Retry-After', '1')
  })
})

describe('standardDialect', () => {
  it('asks for tokens:read and tokens:write, and for other scopes if it is told to', () => {
    const all = { read: ['tokens:read'], write: ['tokens:write'], revokeAll: ['tokens:revoke-all'] }
    expect(standard.scopes).toEqual(all)
    expect(standardDialect({ scopes: { read: ['keys:read'] } }).scopes).toEqual({ ...all, read: ['keys:read'] })
  })

  it.each<[object, string]>([
    [{ problem: 'https://a.example/' }, 'standardDialect: unknown option "problem"; the options are problems, scopes'],
    [{ problems: 'https://a.example/problems' }, 'standardDialect: option "problems" must be an http or https URL'],
    [{ problems: 'about:blank' }, 'option "problems" must be'],
    [{ scopes: { write: [] } }, 'option "scopes" must be'],
  ])('is not made with %j', (options, message) => {
    expect(() => standardDialect(options)).toThrow(TypeError)
    expect(() => standardDialect(options)).toThrow(message)
  })
})
