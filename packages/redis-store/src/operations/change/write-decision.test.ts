import { revoke, suspend } from '@tessera/core'
import type { Decision, TokenRecord } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { changeAt, revocationAt } from '../../../../../test/support/sample-change.ts'
import { NOW, sampleRecord } from '../../../../../test/support/sample-record.ts'
import { writeKept } from '../../text/kept-text.ts'
import type { Shown } from './shown.ts'
import { isWritten, writesAnything } from './write-decision.ts'

const token = sampleRecord()
const suspended = { ...token, suspendedAt: NOW, updatedAt: NOW }
const keep = { key: 'k', fingerprint: 'f', expiresAt: NOW + 9, answer: { record: suspended } }

function shownOf(record: TokenRecord | null, kept = ''): Pick<Shown, 'tokens' | 'kept'> {
  const carried = { owed: [token.digest], unknown: '\tlater' }
  const shown = record && { record, version: '', carried, origin: '' }
  return { tokens: new Map([[token.id, shown]]), kept }
}

describe('isWritten', () => {
  it('finds all that a decision writes, whatever a record holds beside that', () => {
    expect(isWritten({ answer: null, put: [suspended] }, shownOf(suspended))).toBe(true)
    expect(isWritten({ answer: null, add: [token] }, shownOf(token))).toBe(true)
    expect(isWritten({ answer: null, put: [suspended] }, shownOf({ ...suspended, lastUsedAt: NOW + 1 }))).toBe(true)
    expect(isWritten({ answer: null, put: [suspended], keep }, shownOf(suspended, writeKept(keep)))).toBe(true)
  })

  const MISSED: readonly (readonly [what: string, decision: Decision<null>, shown: Pick<Shown, 'tokens' | 'kept'>])[] =
    [
      ['a record', { answer: null, put: [suspended] }, shownOf(null)],
      ['a change of it', { answer: null, put: [suspended] }, shownOf(token)],
      ['its digest', { answer: null, put: [{ ...token, digest: sampleRecord().digest }] }, shownOf(token)],
      ['what is kept', { answer: null, put: [suspended], keep }, shownOf(suspended)],
      ['anything to write', { answer: null }, shownOf(token)],
    ]

  it.each(MISSED)('misses %s', (_what, decision, shown) => {
    expect(isWritten(decision, shown)).toBe(false)
  })
})

describe('writesAnything', () => {
  it('is false for a step that finds everything done', () => {
    const records = new Map([[token.id, { ...suspended, revokedAt: NOW }]])
    const seen = { records, kept: null, active: null, keys: null }
    expect(writesAnything(revoke(token.id, revocationAt(NOW + 1)).decide(seen))).toBe(false)
    expect(
      writesAnything(suspend(token.id, changeAt(NOW)).decide({ ...seen, records: new Map([[token.id, token]]) })),
    ).toBe(true)
  })
})
