import { describe, expect, it } from 'vitest'
import type { ApiUnderTest, CallOptions } from '../support/four-apis/api-under-test.ts'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'
import { undated } from '../support/four-apis/undated.ts'

const refused = ['revoked', 'expired', 'suspended'] as const
const authorization = (...values: string[]): CallOptions => ({
  secret: null,
  headers: values.map((value) => ['Authorization', value] as const),
})

/** The routes of an API that need a credential, whatever else is wrong with the request. */
function closedRoutes({ facts, item }: ApiUnderTest): [method: string, path: string][] {
  return [
    ['GET', facts.list],
    ['POST', facts.list],
    ['PATCH', facts.list],
    ['GET', `${facts.list}?per_page=x&limit=x&pagination[offset]=x`],
    ['GET', item(facts.tokens.valid.id)],
    ['DELETE', item(facts.tokens.valid.id)],
    ['GET', facts.protected],
    ['DELETE', facts.protected],
  ]
}

describeInMemory('authentication', (four) => {
  describe.each(four.all)('in $name', (api) => {
    const call = (options: CallOptions) => api.call('GET', api.facts.protected, options)

    it('answers 401 with a bare challenge to whoever brings nothing', async () => {
      for (const [method, path] of closedRoutes(api)) {
        const answer = await api.call(method, path, { secret: null })
        expectFault(answer, api, 'unauthenticated')
        expect(answer.headers.get('cache-control')).toBe('no-store')
      }
    })

    it('answers every bad token with the same bytes', async () => {
      const { tokens } = api.facts
      const bad = [
        ...refused.map((name) => tokens[name].secret),
        `${tokens.valid.secret.slice(0, -1)}_`,
        tokens.valid.id,
      ]
      for (const [method, path] of closedRoutes(api)) {
        const answers = await Promise.all(bad.map((secret) => api.call(method, path, { secret })))
        for (const answer of answers) expectFault(answer, api, 'badToken')
        expect(new Set(answers.map(undated)).size).toBe(1)
      }
    })

    it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('takes the scheme written %s', async (scheme) => {
      expect(await call(authorization(`${scheme} ${api.facts.tokens.valid.secret}`))).toMatchObject({ status: 200 })
    })

    it('takes several spaces after the scheme, and white space around the value', async () => {
      const { secret } = api.facts.tokens.valid
      for (const value of [`Bearer    ${secret}`, `  Bearer ${secret}`, `\tBearer ${secret} \t `]) {
        expect(await call(authorization(value))).toMatchObject({ status: 200 })
      }
    })

    it.each(['Basic', 'Token', 'Bearerx', 'Bearer,', 'X Bearer', '', 'Bearer\t'])(
      'takes the scheme %j for none of its own',
      async (scheme) => {
        const answer = await call(authorization(`${scheme} ${api.facts.tokens.valid.secret}`))
        expectFault(answer, api, 'unauthenticated')
      },
    )

    it('refuses what is no token as a bad one', async () => {
      const { secret } = api.facts.tokens.valid
      const values = ['Bearer', 'Bearer  ', `Bearer ${secret} x`, `Bearer ${secret},`, `Bearer "${secret}"`]
      for (const value of [...values, `Bearer ${secret}, Bearer ${secret}`, `Bearer \t${secret}`]) {
        expectFault(await call(authorization(value)), api, 'badToken')
      }
    })

    it('refuses two Authorization headers, though both are right', async () => {
      const right = `Bearer ${api.facts.tokens.valid.secret}`
      for (const pair of [
        [right, right],
        [right, 'Basic x'],
        ['Basic x', right],
        ['Bearer x', right],
        ['', right],
      ]) {
        expectFault(await call(authorization(...pair)), api, 'severalCredentials')
      }
    })

    it('takes a token from no other place than the header', async () => {
      const { secret } = api.facts.tokens.valid
      const path = `${api.facts.protected}?access_token=${secret}&token=${secret}`
      expectFault(await api.call('GET', path, { secret: null }), api, 'unauthenticated')
      expectFault(
        await call({ secret: null, headers: ['Cookie', 'X-Api-Key'].map((name) => [name, `access_token=${secret}`]) }),
        api,
        'unauthenticated',
      )
      const form = [['Content-Type', 'application/x-www-form-urlencoded']] as const
      const body = `access_token=${secret}`
      expectFault(await api.call('POST', api.facts.list, { secret: null, headers: form, body }), api, 'unauthenticated')
    })

    it('ignores a token in the query when the header has one', async () => {
      const path = `${api.facts.protected}?access_token=${api.facts.tokens.revoked.secret}`
      expect(await api.call('GET', path)).toMatchObject({ status: 200 })
    })

    it("refuses the other APIs' secrets", async () => {
      for (const other of four.all.filter(({ name }) => name !== api.name)) {
        expectFault(await call({ secret: other.facts.tokens.valid.secret }), api, 'badToken')
      }
    })
  })
})

describeInMemory('scopes', (four) => {
  describe.each(four.all)('in $name', (api) => {
    it('answers 403 with the scope that a protected route needs', async () => {
      const { secret } = api.facts.tokens.noScope
      const answer = await api.call('GET', api.facts.protected, { secret })
      expectFault(answer, api, 'insufficientScope', { scopes: [api.wire.scopes[0]] })
    })

    it('lets a protected route answer with the owner and no secret', async () => {
      const { secret } = api.facts.tokens.valid
      const answer = await api.call('GET', api.facts.protected, { secret })
      expect(JSON.parse(answer.body)).toEqual({ owner: api.facts.owner, calledWith: 'Valid' })
      expect(answer.raw).not.toContain(secret)
    })
  })

  it('plain needs jobs:read to read jobs and jobs:write to write them', async () => {
    const api = four.apis.plain
    const reader = await api.issue({ scopes: ['jobs:read'] })
    const writer = await api.issue({ scopes: ['jobs:write'] })
    expect(await api.call('GET', api.facts.protected, reader)).toMatchObject({ status: 200 })
    expect(await api.call('POST', api.facts.protected, writer)).toMatchObject({ status: 200 })
    const refusals = [
      await api.call('POST', api.facts.protected, reader),
      await api.call('GET', api.facts.protected, writer),
    ]
    expectFault(refusals[0] ?? expect.fail(), api, 'insufficientScope', { scopes: ['jobs:write'] })
    expectFault(refusals[1] ?? expect.fail(), api, 'insufficientScope', { scopes: ['jobs:read'] })
  })

  it.each(['plain', 'offset', 'cursor'] as const)('%s needs none to manage tokens', async (name) => {
    const api = four.apis[name]
    const { secret } = api.facts.tokens.noScope
    expect(await api.list('', { secret })).toContainEqual(expect.objectContaining({ id: api.facts.tokens.noScope.id }))
    const { record } = await api.issue({ scopes: [] }, { secret })
    expect(await api.revoke(record.id, { secret })).toMatchObject({ id: record.id })
  })

  it('paged needs tokens:read to read tokens and tokens:write to issue and revoke them', async () => {
    const api = four.apis.paged
    const reader = await api.issue({ scopes: ['tokens:read'] })
    const writer = await api.issue({ scopes: ['tokens:write'] })
    const target = await api.issue()
    const requests = [
      { method: 'GET', path: api.facts.list, scope: 'tokens:read' },
      { method: 'GET', path: api.item(target.record.id), scope: 'tokens:read' },
      { method: 'POST', path: api.facts.list, scope: 'tokens:write' },
      { method: 'DELETE', path: api.item(target.record.id), scope: 'tokens:write' },
    ]
    for (const { method, path, scope } of requests) {
      const [may, mayNot] = scope === 'tokens:read' ? [reader, writer] : [writer, reader]
      const json = method === 'POST' ? { json: { name: 'CI', scopes: [] } } : {}
      for (const { secret } of [mayNot, api.facts.tokens.noScope]) {
        expectFault(await api.call(method, path, { secret, ...json }), api, 'insufficientScope', { scopes: [scope] })
      }
      expect((await api.call(method, path, { secret: may.secret, ...json })).status).toBeLessThan(300)
    }
  })
})
