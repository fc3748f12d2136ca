import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { gate } from '../gate/gate.ts'
import { describe, expect, it } from 'vitest'
import { checkAuthenticator, verifyNow } from './authenticator.ts'

describe('verifyNow', () => {
  it('verifies in the same turn if the tokens can, and by a promise if they have only verify', async () => {
    const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
    const { secret, token } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    const accepted = { ok: true, token: { id: token.id } }
    expect(verifyNow(tokens, secret)).toMatchObject(accepted)
    const { verify } = tokens
    expect(verifyNow({ verify }, secret)).toBeInstanceOf(Promise)
    expect(await verifyNow({ verify }, secret)).toMatchObject(accepted)
  })

  it('asks the verify of a wrapper, not what the tokens know better', async () => {
    const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
    const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    const refused = { ok: false, reason: 'suspended' } as const
    const wrapper = { ...tokens, verify: async () => refused }
    expect(await verifyNow(wrapper, secret)).toBe(refused)
    const admission = await gate(wrapper)({
      method: 'GET',
      query: '',
      headers: { authorization: [`Bearer ${secret}`] },
    })
    expect(admission).toMatchObject({ ok: false, problem: { status: 401 } })
  })
})

describe('checkAuthenticator', () => {
  it('takes tokens, and whatever verifies and permits', () => {
    const { verify, permits, ...rest } = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
    expect(() => checkAuthenticator('factory', { verify, permits, ...rest })).not.toThrow()
    expect(() => checkAuthenticator('factory', { verify, permits })).not.toThrow()
    for (const wrong of [undefined, null, verify, { verify }, { permits }, rest]) {
      expect(() => checkAuthenticator('factory', wrong)).toThrow(TypeError)
      expect(() => checkAuthenticator('factory', wrong)).toThrow(
        'factory: the first argument must be what createTokens',
      )
    }
  })
})
