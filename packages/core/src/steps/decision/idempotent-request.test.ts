import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../../test/support/sample-record.ts'
import { REQUEST, keptOf, seen } from '../../../testing/seen.ts'
import type { Kept, Seen } from './decision.ts'
import { keeping, repeatedForMany, repeatedForToken } from './idempotent-request.ts'

const record = sampleRecord()
const CONFLICT = { outcome: 'idempotency_conflict' }

/** A key as it is shown. */
const under = (kept: Kept | null, others: Partial<Seen> = {}) => seen([], { kept, ...others })

describe.each([
  ['repeatedForToken', repeatedForToken, { record }],
  ['repeatedForMany', repeatedForMany, { revoked: 3 }],
] as const)('%s', (_, repeated, answer) => {
  it('is null without a key, and for one that is free', () => {
    expect(repeated(under(keptOf(answer)), null, NOW)).toBeNull()
    expect(repeated(under(null), REQUEST, NOW)).toBeNull()
  })

  it('answers an equal request as the first one', () => {
    expect(repeated(under(keptOf(answer)), REQUEST, NOW)).toEqual({ outcome: 'replayed', ...answer })
  })

  it('conflicts with another request', () => {
    expect(repeated(under(keptOf(answer, { fingerprint: 'b' })), REQUEST, NOW)).toEqual(CONFLICT)
  })

  it('goes by the expiry of the request that used the key, exclusive, and not by its own', () => {
    const kept = keptOf(answer, { expiresAt: NOW + 5 })
    expect(repeated(under(kept), REQUEST, NOW + 4)).toMatchObject({ outcome: 'replayed' })
    expect(repeated(under(kept), REQUEST, NOW + 5)).toBeNull()
    expect(repeated(under({ ...kept, fingerprint: 'b' }), REQUEST, NOW + 5)).toBeNull()
  })
})

describe.each([
  ['repeatedForToken', repeatedForToken, { record }],
  ['repeatedForMany', repeatedForMany, { revoked: 3 }],
] as const)('%s, and how many keys an owner may hold', (_, repeated, answer) => {
  const limited = { ...REQUEST, limit: 2 }

  it('refuses a new key at the limit, and none that is kept', () => {
    expect(repeated(under(null, { keys: 1 }), limited, NOW)).toBeNull()
    expect(repeated(under(null, { keys: 2 }), limited, NOW)).toEqual({ outcome: 'idempotency_limit_reached' })
    expect(repeated(under(keptOf(answer), { keys: 9 }), limited, NOW)).toMatchObject({ outcome: 'replayed' })
  })

  it('frees no key for a clock that runs ahead of the store’s own', () => {
    const kept = keptOf(answer, { expiresAt: NOW + 5 })
    expect(repeated(under(kept, { latest: NOW + 4 }), REQUEST, NOW + 1_000)).toMatchObject({ outcome: 'replayed' })
    expect(repeated(under(kept, { latest: NOW + 5 }), REQUEST, NOW + 1_000)).toBeNull()
  })
})

describe('repeatedForToken', () => {
  it('conflicts with a request for many tokens, answered or not', () => {
    for (const answer of [{ revoked: 0 }, null])
      expect(repeatedForToken(under(keptOf(answer)), REQUEST, NOW)).toEqual(CONFLICT)
  })
})

describe('repeatedForMany', () => {
  it('conflicts with a request for one token', () => {
    expect(repeatedForMany(under(keptOf({ record })), REQUEST, NOW)).toEqual(CONFLICT)
  })

  it('lets a request that finds its own claim without an answer go on, and no other', () => {
    expect(repeatedForMany(under(keptOf(null)), REQUEST, NOW)).toBeNull()
    expect(repeatedForMany(under(keptOf(null, { fingerprint: 'b' })), REQUEST, NOW)).toEqual(CONFLICT)
  })
})

describe('keeping', () => {
  it('keeps the answer under the request’s key, and nothing without one', () => {
    expect(keeping(seen(), REQUEST, NOW, { record })).toEqual({ keep: { ...REQUEST, answer: { record } } })
    expect(keeping(seen(), REQUEST, NOW, null)).toEqual({ keep: { ...REQUEST, answer: null } })
    expect(keeping(seen(), null, NOW, { record })).toEqual({})
  })

  it('keeps it for as long as the request says from the latest instant that counts', () => {
    const kept = { ...REQUEST, expiresAt: REQUEST.expiresAt - 900, answer: null }
    expect(keeping(seen([], { latest: NOW + 100 }), REQUEST, NOW + 1_000, null)).toEqual({ keep: kept })
  })
})
