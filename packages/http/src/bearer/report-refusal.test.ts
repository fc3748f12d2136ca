import type { TokenEvent } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { OWNER, openApi } from '../../testing/open-api.ts'
import { plain } from '../dialects/plain.ts'
import type { RefusedRequest } from '../message/refused-request.ts'

async function opened() {
  const events: TokenEvent[] = []
  const told: RefusedRequest[] = []
  const api = openApi(plain, { onEvent: (event) => events.push(event) })
  const { token } = await api.tokens.issue({ owner: OWNER, name: 'caller', scopes: ['jobs:read'] })
  const { token: other } = await api.tokens.issue({ owner: OWNER, name: 'other', scopes: ['admin'] })
  const facts = { caller: token, onRefusal: (each: RefusedRequest) => told.push(each), context: { requestId: 'req-1' } }
  async function refusals() {
    await new Promise((resolve) => setImmediate(resolve))
    return events.filter(({ type }) => type === 'refused')
  }
  return { ...api, token, other, told, facts, refusals }
}

describe('a caller that asks for more than it has', () => {
  it.each(['issue', 'edit', 'rotate'])('is counted, announced and told to the app: %s', async (operation) => {
    const { tokens, call, token, other, told, facts, refusals } = await opened()
    const asked = {
      issue: () => call('POST', '/', { ...facts, json: { name: 'x', scopes: ['admin'] } }),
      edit: () => call('PATCH', `/${token.id}`, { ...facts, json: { scopes: ['admin'] } }),
      rotate: () => call('POST', `/${other.id}/rotate`, facts),
    }
    await expect(asked[operation as keyof typeof asked]()).resolves.toMatchObject({ status: 403 })
    expect(told).toMatchObject([{ reason: 'insufficient_scope', token: { id: token.id } }])
    expect(tokens.stats().refused.insufficient_scope).toBe(1)
    expect(await refusals()).toMatchObject([{ reason: 'insufficient_scope', tokenId: token.id, requestId: 'req-1' }])
  })

  it('is told once if its token ended meanwhile', async () => {
    const { tokens, call, token, told, facts, refusals } = await opened()
    await tokens.revoke(OWNER, token.id)
    const json = { name: 'x', scopes: [] }
    await expect(call('POST', '/', { ...facts, json })).resolves.toMatchObject({ status: 401 })
    expect(told).toMatchObject([{ reason: 'revoked', token: { id: token.id } }])
    expect(tokens.stats().refused.revoked).toBe(1)
    expect(await refusals()).toMatchObject([{ reason: 'revoked', tokenId: token.id, requestId: 'req-1' }])
  })

  it('may be a person', async () => {
    const { call, told, facts, refusals } = await opened()
    const caller = { owner: OWNER, scopes: ['jobs:read'] }
    await call('POST', '/', { ...facts, caller, json: { name: 'x', scopes: ['admin'] } })
    expect(told).toMatchObject([{ reason: 'insufficient_scope', token: caller }])
    expect(await refusals()).toMatchObject([{ owner: OWNER, tokenId: null, preview: null }])
  })
})

describe('a request of nobody', () => {
  it('is told to the app', async () => {
    const { call, told, facts } = await opened()
    await expect(call('GET', '/', { ...facts, caller: null })).resolves.toMatchObject({ status: 401 })
    expect(told).toEqual([{ reason: 'missing', token: null }])
  })
})
