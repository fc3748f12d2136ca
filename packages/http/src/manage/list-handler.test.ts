import { describe, expect, it } from 'vitest'
import { OTHER_OWNER, OWNER, openApi } from '../../testing/open-api.ts'
import type { Answer } from '../../testing/open-api.ts'
import { requestOf } from '../../testing/request.ts'
import { paged } from '../dialects/paged.ts'
import { plain } from '../dialects/plain.ts'
import { listHandler } from './list-handler.ts'

const names = ({ json }: Answer) =>
  Object.values(json as Record<string, { name: string }[]>)[0]?.map(({ name }) => name)

describe('listHandler', () => {
  it('lists the tokens of the caller’s owner, the calling one included, and no other’s', async () => {
    const { call, tokens, clock } = openApi(plain)
    const { token: caller } = await tokens.issue({ owner: OWNER, name: 'caller', scopes: [] })
    await tokens.issue({ owner: OTHER_OWNER, name: 'foreign', scopes: [] })
    clock.now += 1
    const { token } = await tokens.issue({ owner: OWNER, name: 'revoked', scopes: [] })
    await tokens.revoke(OWNER, token.id)
    expect(names(await call('GET', '/', { caller }))).toEqual(['revoked', 'caller'])
  })

  it('is built without a dialect, and not without options', () => {
    const { tokens } = openApi(plain)
    expect(() => listHandler(tokens)).not.toThrow()
    expect(() => listHandler(tokens, null as never)).toThrow('a handler of tokens: options must be an object')
  })

  it('answers an owner without tokens with an empty list', async () => {
    await expect(openApi(plain).call('GET')).resolves.toMatchObject({ status: 200, json: { tokens: [] } })
  })

  it('refuses a bad parameter, in the words of the dialect', async () => {
    const answer = await openApi(paged).call('GET', '/', { query: 'per_page=101' })
    expect(answer.json).toEqual({
      error: { code: 'invalid_parameter', message: 'per_page must be an integer from 1 to 100', field: 'per_page' },
    })
    expect(answer.status).toBe(400)
  })

  it.each([
    'colour=red&colour=blue',
    'per_page[]=0',
    'page[$ne]=1',
    '__proto__=1',
    'constructor[prototype]=1',
    '&&=&=1',
  ])('ignores parameters that the API does not have: %s', async (query) => {
    const { call } = openApi(paged)
    expect(await call('GET', '/', { query })).toEqual(await call('GET'))
  })

  it('shows each token with its status at the time of the request', async () => {
    const { call, tokens, clock } = openApi(paged)
    await tokens.issue({ owner: OWNER, name: 'brief', scopes: [], expiresAt: new Date(clock.now + 1000) })
    const active = { query: 'status=active' }
    await expect(call('GET', '/', active)).resolves.toMatchObject({ json: { meta: { total: 1 } } })
    clock.now += 1000
    await expect(call('GET', '/', active)).resolves.toMatchObject({ json: { meta: { total: 0 } } })
    await expect(call('GET')).resolves.toMatchObject({ json: { data: [{ status: 'expired' }] } })
  })

  it('answers a bug in the store like any failure of it, and reports the bug', async () => {
    const { call, outage, reported } = openApi(plain)
    outage.error = new TypeError('a bug')
    await expect(call('GET')).resolves.toMatchObject({ status: 503, headers: { 'Retry-After': '1' } })
    expect(reported).toMatchObject([{ code: 'store_unavailable', cause: outage.error }])
  })

  it('rejects for a dialect that throws, which is a fault and not an answer', async () => {
    const { tokens } = openApi(plain)
    const fault = new TypeError('a fault')
    const writePage = () => {
      throw fault
    }
    const handle = listHandler(tokens, { dialect: { ...plain, writePage } })
    await expect(handle(requestOf({ caller: { owner: OWNER, scopes: null } }))).rejects.toBe(fault)
  })
})
