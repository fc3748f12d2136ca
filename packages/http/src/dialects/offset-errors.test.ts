import { timeOrderedIds } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { OWNER, openApi } from '../../testing/open-api.ts'
import type { RequestFacts } from '../../testing/request.ts'
import { challenge } from '../bearer/challenge.ts'
import { Problem } from '../message/problem.ts'
import { offset } from './offset.ts'

const ACCOUNT = '013xrzp12g3nqk8ngskn1wtxgka5b0nf'
const OTHER_ACCOUNT = '013xrzp12g3nqk8nh0qrc2b1jfanmvb9'
const CI = { name: 'CI', scopes: [] }
const JSON_TYPE = { 'content-type': ['application/json'] }

function open() {
  const { call, ...api } = openApi(offset, {
    ids: timeOrderedIds,
    activeLimit: 1,
    expiry: { required: true, defaultMs: 1 },
  })
  const caller = { owner: ACCOUNT, scopes: [] }
  return {
    ...api,
    call: (method: string, path: string, facts: RequestFacts = {}) => call(method, path, { caller, ...facts }),
  }
}

const refused = (status: number, code: string) => ({
  status,
  json: { status: 'error', code, message: expect.any(String) },
})

describe('offset: errors', () => {
  it.each<[number, string, string, string, RequestFacts]>([
    [401, 'not_authenticated', 'GET', '/', { caller: null }],
    [403, 'not_permitted', 'GET', '/', { query: `account_id=${OTHER_ACCOUNT}` }],
    [403, 'not_permitted', 'POST', '/', { json: { ...CI, scopes: ['jobs:read'] } }],
    [404, 'not_found', 'GET', `/${timeOrderedIds.generate(0)}`, {}],
    [404, 'not_found', 'DELETE', `/${timeOrderedIds.generate(0)}`, {}],
    [404, 'unexpected_ref_type', 'GET', '/b4f0c0de-0000-4000-8000-000000000001', {}],
    [404, 'unexpected_ref_type', 'DELETE', '/013XRZP12G3NQK8N7F8F9JBG8D18Q7TM', {}],
    [400, 'unexpected_ref_type', 'GET', '/', { query: 'account_id=acme' }],
    [400, 'unexpected_ref_type', 'GET', '/', { query: 'account_id=' }],
    [400, 'invalid_value', 'GET', '/', { query: `account_id=${ACCOUNT}&account_id=${ACCOUNT}` }],
    [400, 'invalid_value', 'GET', '/', { query: 'pagination[offset]=-1' }],
    [400, 'invalid_value', 'GET', '/', { query: 'pagination[offset]=' }],
    [400, 'invalid_value', 'GET', '/', { query: 'pagination[offset]=1&pagination[offset]=1' }],
    [400, 'invalid_value', 'GET', '/', { query: 'pagination[page_size]=0' }],
    [400, 'invalid_value', 'GET', '/', { query: 'pagination[page_size]=101' }],
    [400, 'invalid_value', 'GET', '/', { query: 'sorting[direction]=ASC' }],
    [400, 'invalid_value', 'GET', '/', { query: 'sorting[direction]=' }],
    [400, 'invalid_value', 'GET', '/', { query: 'sorting[field]=' }],
    [400, 'invalid_value', 'GET', '/', { query: 'sorting[field]=__proto__' }],
    [400, 'invalid_value', 'POST', '/', { json: { ...CI, expires_at: null } }],
    [400, 'invalid_value', 'POST', '/', { json: { ...CI, name: '' } }],
    [400, 'invalid_value', 'POST', '/', { json: CI, query: 'idempotency_key=' }],
    [400, 'required_value', 'POST', '/', { json: { name: 'CI' } }],
    [400, 'required_value', 'POST', '/', { json: {} }],
    [400, 'bad_request', 'POST', '/', { json: CI, query: 'idempotency_key=a&idempotency_key=b' }],
    [400, 'bad_request', 'POST', '/', { body: '{', headers: JSON_TYPE }],
    [413, 'bad_request', 'POST', '/', { json: { ...CI, name: 'a'.repeat(102_400) } }],
    [415, 'bad_request', 'POST', '/', { body: '{}' }],
    [405, 'not_implemented', 'PUT', '/', {}],
  ])('answers with %i %s: %s %s %j', async (status, code, method, path, facts) => {
    await expect(open().call(method, path, facts)).resolves.toMatchObject(refused(status, code))
  })

  it.each(['title', 'started_at', 'finished_at', 'email', 'name', 'external_identifier'])(
    'answers with 400 invalid_value to sort by %s, which tokens do not have',
    async (field) => {
      const answer = await open().call('GET', '/', { query: `sorting[field]=${field}` })
      expect(answer).toMatchObject(refused(400, 'invalid_value'))
    },
  )

  it('answers with 409 invalid_action at the limit of active tokens', async () => {
    const { call } = open()
    await expect(call('POST', '/', { json: CI })).resolves.toMatchObject({ status: 201 })
    await expect(call('POST', '/', { json: CI })).resolves.toMatchObject(refused(409, 'invalid_action'))
  })

  it('answers with 409 idempotency_key_already_used to another request under a key', async () => {
    const { call } = open()
    const query = 'idempotency_key=a'
    await expect(call('POST', '/', { json: CI, query })).resolves.toMatchObject({ status: 201 })
    const other = await call('POST', '/', { json: { ...CI, name: 'CD' }, query })
    expect(other).toMatchObject(refused(409, 'idempotency_key_already_used'))
  })

  it('answers with 503 unexpected when the store is down', async () => {
    const { call, outage } = open()
    outage.error = new Error('connection lost')
    await expect(call('GET', '/')).resolves.toMatchObject(refused(503, 'unexpected'))
  })

  it('words a bad token as bad_authtoken, a lack of scope as not_permitted and an illegal change as invalid_action', () => {
    const code = (problem: Problem) => offset.writeError(problem)['code']
    expect(code(challenge({ ok: false, reason: 'revoked' }))).toBe('bad_authtoken')
    expect(code(challenge({ ok: false, reason: 'insufficient_scope' }))).toBe('not_permitted')
    expect(code(new Problem('invalid_transition', 'Words.'))).toBe('invalid_action')
    expect(code(challenge({ ok: false, reason: 'several_credentials' }))).toBe('bad_request')
  })

  it('takes the caller’s own account by name, whatever shape its name has', async () => {
    const { call } = open()
    await expect(call('GET', '/', { query: `account_id=${ACCOUNT}` })).resolves.toMatchObject({ status: 200 })
    const caller = { owner: OWNER, scopes: null }
    await expect(call('GET', '/', { query: `account_id=${OWNER}`, caller })).resolves.toMatchObject({ status: 200 })
  })

  it('looks at the account before it looks for a token', async () => {
    const { call, tokens } = open()
    const { token } = await tokens.issue({ owner: ACCOUNT, ...CI })
    const query = `account_id=${OTHER_ACCOUNT}`
    await expect(call('DELETE', `/${token.id}`, { query })).resolves.toMatchObject(refused(403, 'not_permitted'))
    await expect(call('POST', '/', { query, json: CI })).resolves.toMatchObject(refused(403, 'not_permitted'))
  })
})
