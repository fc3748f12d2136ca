import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleRecord } from '../../../../test/support/sample-record.ts'
import { endsAt } from './ended.ts'
import { asOf, endOf, statusOf, storedStatusOf, toToken } from './token.ts'

const NOW = 5000

const times = fc.record({
  expiresAt: fc.option(fc.integer({ min: NOW - 2, max: NOW + 2 })),
  suspendedAt: fc.option(fc.constant(2000)),
  revokedAt: fc.option(fc.constant(3000)),
})

describe('statusOf', () => {
  it.each([
    ['active', {}],
    ['active', { expiresAt: NOW + 1 }],
    ['suspended', { suspendedAt: 2000 }],
    ['suspended', { suspendedAt: 2000, expiresAt: NOW + 1 }],
    ['expired', { expiresAt: NOW - 1 }],
    ['expired', { expiresAt: NOW - 1, suspendedAt: 2000 }],
    ['revoked', { revokedAt: 3000 }],
    ['revoked', { revokedAt: 3000, suspendedAt: 2000 }],
    ['revoked', { revokedAt: 3000, expiresAt: NOW - 1 }],
    ['revoked', { revokedAt: 3000, expiresAt: NOW - 1, suspendedAt: 2000 }],
  ])('is %s for %j', (status, facts) => {
    expect(statusOf(sampleRecord(facts), NOW)).toBe(status)
  })

  it('turns to expired at the instant of expiry, not after it', () => {
    const record = sampleRecord({ expiresAt: NOW })
    expect(statusOf(record, NOW - 1)).toBe('active')
    expect(statusOf(record, NOW)).toBe('expired')
  })

  it('never becomes active again as the clock runs', () => {
    fc.assert(
      fc.property(times, fc.nat(10), fc.nat(10), (facts, a, b) => {
        const record = sampleRecord(facts)
        const earlier = statusOf(record, NOW + Math.min(a, b) - 5)
        const later = statusOf(record, NOW + Math.max(a, b) - 5)
        expect(earlier === 'active' || later !== 'active').toBe(true)
      }),
    )
  })
})

describe('asOf', () => {
  const rotated = sampleRecord({ rotatedTo: 'next', overlapEndsAt: NOW, sealedSuccessor: 'v1.sealed' })

  it('revokes a token that was rotated at the end of the overlap, and forgets the sealed secret', () => {
    expect(asOf(rotated, NOW - 1)).toBe(rotated)
    const end = { revokedAt: NOW, revokedReason: 'rotated', updatedAt: NOW, sealedSuccessor: null }
    expect(asOf(rotated, NOW + 5)).toEqual({ ...rotated, ...end })
  })

  it('keeps a revocation that came before', () => {
    const revoked = { ...rotated, revokedAt: NOW - 3, revokedReason: 'leaked' } as const
    expect(asOf(revoked, NOW)).toBe(revoked)
  })

  it('leaves a successor as it is, whose predecessor the overlap is about', () => {
    const successor = sampleRecord({ rotatedFrom: 'former', overlapEndsAt: NOW })
    expect(asOf(successor, NOW)).toBe(successor)
    expect(statusOf(successor, NOW)).toBe('active')
  })
})

describe('endOf', () => {
  it('is when the token expires, or when the overlap ends where it was rotated, whichever is first', () => {
    expect(endOf(sampleRecord())).toBe(Number.POSITIVE_INFINITY)
    expect(endOf(sampleRecord({ expiresAt: 9 }))).toBe(9)
    expect(endOf(sampleRecord({ rotatedTo: 'next', overlapEndsAt: 5 }))).toBe(5)
    expect(endOf(sampleRecord({ rotatedTo: 'next', overlapEndsAt: 5, expiresAt: 4 }))).toBe(4)
    expect(endOf(sampleRecord({ rotatedFrom: 'former', overlapEndsAt: 5 }))).toBe(Number.POSITIVE_INFINITY)
  })

  it('is no later than the ceiling of the line, whatever the expiry', () => {
    expect(endOf(sampleRecord({ expiryCeiling: 5 }))).toBe(5)
    expect(endOf(sampleRecord({ expiryCeiling: 5, expiresAt: 9 }))).toBe(5)
    expect(endOf(sampleRecord({ expiryCeiling: 5, expiresAt: 4 }))).toBe(4)
    expect(endOf(sampleRecord({ expiryCeiling: 5, rotatedTo: 'next', overlapEndsAt: 3 }))).toBe(3)
  })

  it('is the instant at which the status is active no more', () => {
    const instant = fc.option(fc.integer({ min: NOW - 5, max: NOW + 5 }))
    const facts = fc.record({ expiresAt: instant, expiryCeiling: instant, overlapEndsAt: instant })
    fc.assert(
      fc.property(facts, fc.boolean(), fc.integer({ min: NOW - 9, max: NOW + 9 }), (ends, isRotated, now) => {
        const record = sampleRecord({ ...ends, rotatedTo: isRotated ? 'next' : null })
        expect(statusOf(record, now) === 'active').toBe(now < endOf(record))
        expect(endsAt(toToken(record, NOW))?.getTime() ?? Number.POSITIVE_INFINITY).toBe(endOf(record))
      }),
    )
  })
})

describe('storedStatusOf', () => {
  it('is the status that the token would have without its expiry', () => {
    fc.assert(
      fc.property(times, (facts) => {
        const withoutExpiry = sampleRecord({ ...facts, expiresAt: null })
        expect(storedStatusOf(sampleRecord(facts))).toBe(statusOf(withoutExpiry, NOW))
      }),
    )
  })

  it('reads tokens as well as records', () => {
    expect(storedStatusOf(toToken(sampleRecord({ suspendedAt: 2000 }), NOW))).toBe('suspended')
  })
})

describe('toToken', () => {
  it('is the record with its status, instants as dates, and without the digest', () => {
    const issued = { createdBy: 'ada@acme.test', attributes: { environment: 'production' }, createdAt: 1000 }
    const times = { expiresAt: 9000, lastUsedAt: 4000, suspendedAt: 2000, revokedAt: 3000 }
    const record = sampleRecord({ ...issued, ...times })
    expect(toToken(record, NOW)).toStrictEqual({
      id: record.id,
      owner: 'acme',
      preview: 'ot_pat_c3f9********bd21',
      name: 'ci-deploy',
      scopes: ['jobs:read', 'jobs:write'],
      status: 'revoked',
      createdBy: 'ada@acme.test',
      attributes: { environment: 'production' },
      createdAt: new Date(1000),
      updatedAt: new Date(1000),
      expiresAt: new Date(9000),
      lastUsedAt: new Date(4000),
      suspendedAt: new Date(2000),
      revokedAt: new Date(3000),
      revokedReason: null,
      rotatedTo: null,
      rotatedFrom: null,
      overlapEndsAt: null,
      networks: null,
      issuedBy: null,
    })
  })

  it('shows a token whose overlap is over as revoked by its rotation', () => {
    const record = sampleRecord({ rotatedTo: 'next', overlapEndsAt: NOW, suspendedAt: 2000 })
    expect(toToken(record, NOW - 1)).toMatchObject({ status: 'suspended', revokedAt: null, revokedReason: null })
    const end = new Date(NOW)
    const revoked = { status: 'revoked', revokedAt: end, revokedReason: 'rotated', updatedAt: end }
    expect(toToken(record, NOW)).toMatchObject(revoked)
  })

  it('shows the networks, and never the sealed secret', () => {
    const record = sampleRecord({ networks: ['10.0.0.0/8'], sealedSuccessor: 'v1.sealed' })
    const token = toToken(record, NOW)
    expect(token.networks).toEqual(['10.0.0.0/8'])
    expect(token.networks).not.toBe(record.networks)
    expect(JSON.stringify(token)).not.toContain('sealed')
  })

  it('shares nothing with the record that a caller could change', () => {
    const record = sampleRecord({ scopes: ['jobs:read'], attributes: { environment: 'production' } })
    const kept = structuredClone(record)
    const token = toToken(record, NOW)
    Object.assign(token.scopes, ['admin'])
    Object.assign(token.attributes, { environment: 'staging' })
    expect(record).toEqual(kept)
  })

  it('keeps null where nothing has happened', () => {
    const none = { expiresAt: null, lastUsedAt: null, suspendedAt: null, revokedAt: null, createdBy: null }
    expect(toToken(sampleRecord(), NOW)).toMatchObject(none)
  })

  it('takes the instant 0 for an instant', () => {
    const dates = toToken(sampleRecord({ expiresAt: 0, revokedAt: 0 }), NOW)
    expect(dates).toMatchObject({ status: 'revoked', expiresAt: new Date(0), revokedAt: new Date(0) })
  })
})
