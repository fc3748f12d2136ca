import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { seen } from '../../testing/seen.ts'
import { rekey } from './rekey.ts'

describe('rekey', () => {
  it('wants the token', () => {
    expect(rekey('tok_1', 'next').wants).toEqual({ ids: ['tok_1'], key: null, unacknowledged: true })
  })

  it('changes the digest and nothing else, also of a revoked token, and announces the digest left behind', () => {
    for (const token of [sampleRecord({ lastUsedAt: NOW, suspendedAt: NOW }), sampleRecord({ revokedAt: NOW })]) {
      const decision = { answer: undefined, put: [{ ...token, digest: 'next' }], announce: [token.digest] }
      expect(rekey(token.id, 'next').decide(seen([token]))).toEqual(decision)
    }
  })

  it('changes nothing where the digest is the same, and passes over an unknown token', () => {
    const token = sampleRecord()
    expect(rekey(token.id, token.digest).decide(seen([token]))).toEqual({ answer: undefined })
    expect(rekey('unknown', 'next').decide(seen())).toEqual({ answer: undefined })
  })
})
