import { createTokens, digestSecret, generateSecret, newRecord, preview, shardOf } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'

const PEPPER = 'p'.repeat(32)

describe('whoever writes to the store', () => {
  it('plants a token where there is no pepper, and none where there is one', async () => {
    const store = memoryStore()
    const open = createTokens({ store, prefix: 'ot_pat' })
    const peppered = createTokens({ store, prefix: 'ot_pat', pepper: PEPPER })
    const { token } = await open.issue({ owner: 'acme', name: 'ci', scopes: [] })
    const secret = generateSecret('ot_pat', shardOf('acme'))
    const model = (await store.find('acme', token.id)) ?? expect.fail('the token is there')
    const planted = { ...newRecord(model), id: 'b4f0c0de-0000-4000-8000-000000000001', scopes: ['admin'] }
    const record: TokenRecord = { ...planted, digest: digestSecret(secret), preview: preview(secret) }
    await store.change('acme', { ids: [], key: null }, () => ({ answer: null, add: [record] }))
    expect(await open.authenticate(secret, { scopes: ['admin'] })).not.toBeNull()
    expect(await peppered.authenticate(secret, { scopes: ['admin'] })).toBeNull()
  })

  it('changes the facts of a token that is there, with a pepper too', async () => {
    const store = memoryStore()
    const tokens = createTokens({ store, prefix: 'ot_pat', pepper: PEPPER })
    const { secret, token } = await tokens.issue({ owner: 'acme', name: 'ci', scopes: [] })
    expect(await tokens.authenticate(secret, { scopes: ['admin'] })).toBeNull()
    const record = (await store.find('acme', token.id)) ?? expect.fail('the token is there')
    const wider = { ...record, scopes: ['admin'] }
    await store.change('acme', { ids: [token.id], key: null }, () => ({ answer: null, put: [wider] }))
    expect(await tokens.authenticate(secret, { scopes: ['admin'] })).not.toBeNull()
  })
})
