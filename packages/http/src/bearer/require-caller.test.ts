import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { calledOf } from '../../testing/request.ts'
import type { Caller } from '../message/caller.ts'
import { requireCaller } from './require-caller.ts'

describe('requireCaller', () => {
  it('gives the caller of the request', () => {
    const caller = { owner: 'acme', scopes: null }
    expect(requireCaller(calledOf({ caller }))).toBe(caller)
  })

  it.each([undefined, 'jobs:read', false])('takes no other scopes for everything: %s', (scopes) => {
    const caller = { owner: 'acme', scopes } as unknown as Caller
    expect(() => requireCaller(calledOf({ caller }))).toThrow(
      new TypeError('the scopes of a caller must be a list, or null for everything'),
    )
  })

  it.each<[string, object]>([
    ['network', { owner: 'acme', scopes: [], network: ['192.0.2.0/24'] }],
    ['expiredAt', { owner: 'acme', scopes: null, expiredAt: new Date() }],
  ])('takes no unknown name, which would limit nothing: %s', (name, caller) => {
    expect(() => requireCaller(calledOf({ caller: caller as Caller }))).toThrow(
      `caller: unknown option "${name}"; the options are id, owner, scopes, networks, `,
    )
  })

  it('takes a whole token', async () => {
    const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
    const { token } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    const credentialEndsAt = new Date()
    expect(requireCaller(calledOf({ caller: { ...token, credentialEndsAt } }))).toEqual({ ...token, credentialEndsAt })
  })

  it('challenges nobody with 401', () => {
    const bare = { 'WWW-Authenticate': 'Bearer realm="api"' }
    expect(() => requireCaller(calledOf())).toThrow(expect.objectContaining({ status: 401, headers: bare }))
  })

  it('challenges as the adapter does', () => {
    const headers = { 'WWW-Authenticate': 'Bearer realm="Acme"' }
    expect(() => requireCaller(calledOf({ challenge: { realm: 'Acme' } }))).toThrow(
      expect.objectContaining({ headers }),
    )
  })
})
