import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../../test/support/sample-record.ts'
import type { TokenRecord } from '../../token/token.ts'
import type { VerifyOptions } from '../../token/verification.ts'
import { decide } from './decide.ts'

const RULES = { wildcards: false }
const OPTIONS: VerifyOptions = { scopes: ['jobs:read'], ip: '192.0.2.7' }
const RIGHT: Partial<TokenRecord> = { scopes: ['jobs:read'], networks: ['192.0.2.0/24'], expiresAt: NOW + 1 }

/** Each is wrong in one regard, in the order in which reasons are given. */
const WRONG = [
  ['revoked', { revokedAt: NOW }],
  ['expired', { expiresAt: NOW }],
  ['suspended', { suspendedAt: NOW }],
  ['network_not_allowed', { networks: ['198.51.100.0/24'] }],
  ['insufficient_scope', { scopes: [] }],
] as const satisfies readonly (readonly [string, Partial<TokenRecord>])[]

describe('decide', () => {
  it('accepts a record that is right in every regard', () => {
    expect(decide(sampleRecord(RIGHT), NOW, OPTIONS, RULES)).toBeNull()
  })

  it.each(WRONG)('refuses as %s a record that is wrong in this only', (reason, wrong) => {
    expect(decide(sampleRecord({ ...RIGHT, ...wrong }), NOW, OPTIONS, RULES)).toBe(reason)
  })

  it.each(WRONG.map(([reason], place) => [reason, place] as const))(
    'gives the reason %s before all that come later',
    (reason, place) => {
      const wrong = Object.assign({}, ...WRONG.slice(place).map(([, each]) => each)) as Partial<TokenRecord>
      expect(decide(sampleRecord({ ...RIGHT, ...wrong }), NOW, OPTIONS, RULES)).toBe(reason)
    },
  )

  it('refuses a token that is bound to networks if no address is known', () => {
    expect(decide(sampleRecord(RIGHT), NOW, { scopes: ['jobs:read'] }, RULES)).toBe('network_not_allowed')
  })
})
