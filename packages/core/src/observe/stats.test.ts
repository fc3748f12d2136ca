import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { openTokens } from '../../testing/open-tokens.ts'

const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'] }

describe('stats', () => {
  it('counts nothing at first', () => {
    const { tokens } = openTokens()
    expect(tokens.stats()).toEqual({
      accepted: 0,
      refused: {
        missing: 0,
        malformed: 0,
        unknown: 0,
        revoked: 0,
        expired: 0,
        suspended: 0,
        network_not_allowed: 0,
        insufficient_scope: 0,
      },
      storeCalls: 0,
      storeErrors: 0,
      usesDropped: 0,
      asksDropped: 0,
      watches: 0,
      cache: null,
    })
  })

  it('counts verifications by their outcome', async () => {
    const { tokens } = openTokens()
    const { secret, token } = await tokens.issue(REQUEST)
    await tokens.verify(secret)
    await tokens.verify(secret)
    await tokens.verify(secret, { scopes: ['jobs:write'] })
    await tokens.verify(undefined)
    await tokens.verify('x')
    await tokens.revoke('acme', token.id)
    await tokens.verify(secret)
    expect(tokens.stats()).toMatchObject({
      accepted: 2,
      refused: { insufficient_scope: 1, missing: 1, malformed: 1, revoked: 1, unknown: 0 },
    })
  })

  it('counts store calls, and those that failed', async () => {
    const { tokens, watched } = openTokens()
    await tokens.issue(REQUEST)
    watched.failure = new Error('READONLY')
    await expect(tokens.issue(REQUEST)).rejects.toThrow('READONLY')
    expect(tokens.stats()).toMatchObject({ storeCalls: 2, storeErrors: 1 })
  })

  it('passes on what a cache in front of the store counts', () => {
    const counts = { hits: 1, misses: 2, readings: 3, failedReadings: 0, resets: 4, lease: null }
    const store = memoryStore()
    const { tokens } = openTokens({ store: { ...store, cache: { ...store.cache, stats: () => counts } } })
    expect(tokens.stats().cache).toEqual(counts)
  })
})
