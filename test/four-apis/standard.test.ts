import { expect, it } from 'vitest'
import { parseJson } from '../support/four-apis/answer.ts'
import type { Answer } from '../support/four-apis/answer.ts'
import { exchange } from '../support/four-apis/connection.ts'
import { describeFourApis, describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import type { FourApis } from '../support/four-apis/describe-four-apis.ts'
import { seedNames } from '../support/four-apis/four-apis-server.ts'
import type { SeedName } from '../support/four-apis/four-apis-server.ts'
import { undated } from '../support/four-apis/undated.ts'
import { writeRequest } from '../support/four-apis/write-request.ts'

interface Page {
  readonly tokens: readonly { readonly id: string; readonly name: string; readonly lastUsedAt: string | null }[]
  readonly next: string | null
  readonly usage: { readonly active: number; readonly limit: number | null }
}

/** Asks the fifth API as the seeded `caller`, or as another. */
function standardOf(four: FourApis) {
  const facts = () => four.announcement.apis.standard
  const call = (
    method: string,
    path: string,
    json?: object,
    more: Record<string, string> = {},
    by: SeedName = 'caller',
  ) => {
    const type: Record<string, string> = json === undefined ? {} : { 'Content-Type': 'application/json' }
    const headers = { Authorization: `Bearer ${facts().tokens[by].secret}`, ...type, ...more }
    const body = json === undefined ? {} : { body: JSON.stringify(json) }
    return exchange(four.announcement.url, writeRequest({ method, path, headers: Object.entries(headers), ...body }))
  }
  const list = async (query = '') => parseJson<Page>(await call('GET', `${facts().list}?${query}`))
  return { facts, call, list, issue: (name: string) => call('POST', facts().list, { name, scopes: [] }) }
}

/** What the status line and the body say must be the same. */
function problemIn({ status, headers, body }: Answer) {
  expect(headers.get('content-type')).toBe('application/problem+json')
  const problem = JSON.parse(body) as { status: number; code: string }
  expect(problem).toMatchObject({ type: 'about:blank', title: expect.any(String), status, detail: expect.any(String) })
  return `${problem.status} ${problem.code}`
}

describeFourApis('the fifth API', (four) => {
  const { facts, call, list, issue } = standardOf(four)

  it('walks its tokens by pages of any size and order, each once, and counts them', async () => {
    for (const name of ['a', 'b', 'c']) expect(await issue(name)).toMatchObject({ status: 201 })
    for (const query of ['limit=3', 'limit=4&order=asc', 'limit=1&sort=lastUsedAt', 'limit=2&status=active,expired']) {
      const whole = await list(query.replace(/limit=\d/, 'limit=100'))
      const walked: string[] = []
      for (let next: string | null = ''; next !== null; ) {
        const page: Page = await list(next === '' ? query : `${query}&after=${next}`)
        walked.push(...page.tokens.map(({ id }) => id))
        next = page.next
      }
      expect(walked).toEqual(whole.tokens.map(({ id }) => id))
      expect(new Set(walked).size).toBe(walked.length)
      expect(whole.usage).toEqual({ active: 8, limit: 25 })
    }
    expect(parseJson(await call('GET', facts().usage ?? ''))).toEqual({ usage: { active: 8, limit: 25 } })
  })

  it('finds what nobody has used since', async () => {
    const since = encodeURIComponent(new Date(Date.now() + 1_000).toISOString())
    const { tokens } = await list(`unusedSince=${since}&status=active&limit=100`)
    expect(tokens.filter(({ lastUsedAt }) => lastUsedAt === null).map(({ name }) => name)).toContain('Spare')
    expect((await list(`unusedSince=2020-01-01T00:00:00Z`)).tokens).toEqual([])
  })

  it('revokes in bulk what a filter names, and answers a repeat under the key alike', async () => {
    const path = `${facts().list}/revoke-all`
    const json = { createdBefore: new Date(Date.now() + 60_000).toISOString(), scope: 'jobs:write', exceptId: 'self' }
    const key = { 'Idempotency-Key': 'leak-1' }
    const first = await call('POST', path, json, key)
    expect([first.status, JSON.parse(first.body)]).toEqual([200, { revoked: 4 }])
    const again = await call('POST', path, json, key)
    expect([again.status, again.body, again.headers.get('idempotent-replayed')]).toEqual([200, first.body, 'true'])
    const { tokens } = await list('status=active&scope=jobs:write')
    expect(tokens.map(({ name }) => name)).toEqual(['Caller'])
  })
})

describeInMemory('the fifth API', (four) => {
  const { facts, call, list, issue } = standardOf(four)

  it('is announced with its paths, and seeded like the others', async () => {
    const { list: listed, item, protected: guarded, usage, openapi, tokens } = facts()
    expect([listed, item, guarded, usage, openapi]).toEqual([
      '/api/tokens',
      '/api/tokens/{id}',
      '/api/jobs',
      '/api/tokens/usage',
      '/api/openapi.json',
    ])
    expect(Object.keys(tokens)).toEqual(seedNames)
    for (const { secret } of Object.values(tokens)) expect(secret).toMatch(/^acme_pat_[0-9A-Za-z]{48}$/)
    const statuses = seedNames.map(async (by) => (await call('GET', guarded, undefined, {}, by)).status)
    expect(await Promise.all(statuses)).toEqual([200, 200, 200, 403, 401, 401, 401, 200])
    expect(await call('POST', guarded)).toMatchObject({ status: 200 })
    expect((await list('order=asc')).tokens.map(({ name }) => name)).toEqual([
      'Valid',
      'Spare',
      'Caller',
      'No scope',
      'Revoked',
      'Expired',
      'Suspended',
    ])
  })

  it('says in each error what the status line says, with a code', async () => {
    const { list: listed, item, protected: guarded } = facts()
    const asked = [
      await call('GET', listed, undefined, { Authorization: 'Bearer nonsense' }),
      await call('GET', guarded, undefined, { Authorization: 'Basic YTpi' }),
      await call('GET', listed, undefined, {}, 'noScope'),
      await call('PUT', guarded),
      await call('PUT', listed),
      await call('GET', item.replace('{id}', 'x')),
      await call('POST', listed, undefined, { 'Content-Length': '0' }),
      await call('POST', listed, { name: 'x'.repeat(102_400), scopes: [] }),
      await call('POST', listed, { name: 'CI', scopes: ['unknown:scope'] }),
      await call('POST', item.replace('{id}', `${facts().tokens.revoked.id}/resume`)),
    ]
    expect(asked.map(problemIn)).toEqual([
      ...['401 invalid_token', '401 unauthenticated', '403 insufficient_scope', '405 method_not_allowed'],
      ...['405 method_not_allowed', '404 malformed_id', '415 unsupported_media_type', '413 payload_too_large'],
      ...['400 invalid_parameter', '409 invalid_transition'],
    ])
    for (const { headers } of asked)
      expect(headers.has('etag') && headers.get('cache-control') === 'no-store').toBe(false)
  })

  it('names a parameter that it does not know, and the one that is meant', async () => {
    const answer = await call('GET', `${facts().list}?createdby=x`)
    expect(problemIn(answer)).toBe('400 invalid_parameter')
    expect(answer.body).toContain('createdby is not a known query parameter. Did you mean createdBy?')
  })

  it('counts 25 after three hundred issues at once', async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, (_, number) => issue(`${number}`)))
    const statuses = answers.map(({ status }) => status)
    expect([201, 409].map((each) => statuses.filter((status) => status === each).length)).toEqual([20, 280])
    expect(parseJson(await call('GET', facts().usage ?? ''))).toEqual({ usage: { active: 25, limit: 25 } })
    expect(problemIn(answers.find(({ status }) => status === 409) ?? expect.fail())).toBe('409 active_limit_reached')
  })

  it('tells another owner’s token from an unknown one by nothing', async () => {
    const path = (id: string) => facts().item.replace('{id}', id)
    const { id } = facts().tokens.otherOwner
    const unknown = '00000000-0000-4000-8000-000000000000'
    const [other, none] = [await call('GET', path(id)), await call('GET', path(unknown))]
    expect(undated(other).replaceAll(id, unknown)).toBe(undated(none))
  })
})
