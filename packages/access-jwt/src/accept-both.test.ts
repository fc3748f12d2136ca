import { createTokens } from '@tessera/core'
import { gate, verifyNow } from '@tessera/http'
import type { Authenticator } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { HOUR, openAccess } from '../testing/open-access.ts'
import { acceptBoth } from './accept-both.ts'

describe('acceptBoth', () => {
  it('takes a secret to the tokens, and a JWT to the access tokens', async () => {
    const { tokens, access, secret, parent } = await openAccess()
    const both = acceptBoth(tokens, access)
    const { jwt } = await access.exchange(secret, { scopes: ['jobs:read'] })
    expect(await both.verify(secret)).toEqual({ ok: true, token: { ...parent, lastUsedAt: parent.createdAt } })
    expect(await both.verify(jwt)).toMatchObject({ ok: true, token: { id: parent.id, scopes: ['jobs:read'] } })
    expect(await both.verify(jwt, { scopes: ['jobs:write'] })).toEqual({ ok: false, reason: 'insufficient_scope' })
    expect(both.permits({ scopes: ['jobs:read'] }, { scopes: ['jobs:read'] })).toBe(true)
    expect(both.permits({ scopes: ['jobs:read'] }, { scopes: ['jobs:write'] })).toBe(false)
  })

  it('verifies a secret in the same turn, if the tokens do, and asks what replaced their verify', async () => {
    const { access, secret: other, parent } = await openAccess()
    const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
    const { secret, token } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    const both = acceptBoth(tokens, access)
    expect(verifyNow(both, secret)).toMatchObject({ ok: true, token: { id: token.id } })
    const refusing: Authenticator = { ...tokens, verify: async () => ({ ok: false, reason: 'suspended' }) }
    expect(await verifyNow(acceptBoth(refusing, access), secret)).toEqual({ ok: false, reason: 'suspended' })
    const { jwt } = await access.exchange(other, {})
    expect(await verifyNow(both, jwt)).toMatchObject({ ok: true, token: { id: parent.id } })
  })

  it('refuses what is neither, as the tokens do', async () => {
    const { tokens, access } = await openAccess()
    const both = acceptBoth(tokens, access)
    expect(await both.verify(undefined)).toEqual({ ok: false, reason: 'missing' })
    for (const text of ['', 'eyJ', 'eyJhbGciOiJub25lIn0.e30.', 'ot_pat_x', 'a.b.c', 'eyJ'.repeat(99_999)]) {
      expect(await both.verify(text)).toEqual({ ok: false, reason: 'malformed' })
    }
  })

  it('lets a stream end with either, whichever ends first', async () => {
    const { tokens, access, secret, clock } = await openAccess()
    const both = acceptBoth(tokens, access)
    const decide = gate(both, { scopes: ['jobs:read'] })
    const watchOf = async (credential: string) => {
      const headers = { authorization: [`Bearer ${credential}`] }
      const admission = await decide({ method: 'GET', query: '', headers })
      return admission.ok ? () => admission.watch() : () => null
    }
    const { jwt } = await access.exchange(secret, { scopes: ['jobs:read'] })
    const [byToken, byJwt] = [await watchOf(secret), await watchOf(jwt)]
    expect([byToken()?.signal.aborted, byJwt()?.signal.aborted]).toEqual([false, false])
    clock.now += HOUR
    expect([byToken()?.signal.aborted, byJwt()?.signal.reason.code]).toEqual([false, 'expired'])
    await tokens.close()
  })

  it('refuses to be built of something else', async () => {
    const { tokens } = await openAccess()
    for (const wrong of [undefined, {}, tokens.verify]) {
      expect(() => acceptBoth(tokens, wrong as Authenticator)).toThrow('acceptBoth: give tokens and access tokens')
      expect(() => acceptBoth(wrong as Authenticator, tokens)).toThrow(TypeError)
    }
  })
})
