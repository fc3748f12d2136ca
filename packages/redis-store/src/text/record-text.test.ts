import * as fc from 'fast-check'
import type { TokenRecord } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { writeInstant } from './instant-text.ts'
import { readDigests, readRecord, readWritten, writeRecord } from './record-text.ts'

const text = fc.string({ unit: 'binary', maxLength: 20 })
const someText = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 })
const instant = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) })
const record: fc.Arbitrary<TokenRecord> = fc.record({
  id: text,
  owner: text,
  digest: text,
  preview: text,
  name: text,
  scopes: fc.array(text, { maxLength: 4 }),
  createdBy: fc.option(text),
  attributes: fc.dictionary(text, text, { maxKeys: 3 }),
  createdAt: instant,
  updatedAt: instant,
  expiresAt: fc.option(instant),
  lastUsedAt: fc.option(instant),
  suspendedAt: fc.option(instant),
  revokedAt: fc.option(instant),
  revokedReason: fc.option(fc.constantFrom('requested', 'leaked')),
  rotatedTo: fc.option(someText),
  rotatedFrom: fc.option(someText),
  overlapEndsAt: fc.option(instant),
  sealedSuccessor: fc.option(someText),
  networks: fc.option(fc.array(text, { maxLength: 2 })),
  prefix: text,
  issuedBy: fc.option(someText),
  makers: fc.array(text, { maxLength: 2 }),
  line: someText,
  lineCreatedAt: instant,
  expiryCeiling: fc.option(instant),
  fixedExpiry: fc.boolean(),
  pending: fc.boolean(),
})

describe('writeRecord', () => {
  it('is read back as the same record, whatever its fields', () => {
    fc.assert(
      fc.property(record, (any) => {
        expect(readRecord(Buffer.from(writeRecord(any)), any.digest)).toEqual(any)
      }),
    )
  })

  it('keeps null apart from empty, and no scope from an empty one', () => {
    for (const facts of [{ createdBy: '' }, { createdBy: null }, { scopes: [] }, { scopes: [''] }, { name: '' }]) {
      const any = sampleRecord(facts)
      expect(readRecord(Buffer.from(writeRecord(any)), any.digest)).toEqual(any)
    }
  })

  it('holds nothing of the digest, even if that is still to be announced', () => {
    const any = sampleRecord()
    expect(writeRecord(any, { owed: [any.digest], unknown: '' })).not.toContain(any.digest.slice(0, 8))
  })

  it('cuts instants to whole milliseconds, which the scripts rely on', () => {
    expect(writeInstant(NOW + 0.75)).toBe(writeInstant(NOW))
    expect(writeInstant(null)).toBe('')
  })
})

describe('readWritten', () => {
  const owed = [sampleRecord().digest, 'a digest of another kind']

  it.each([
    ['nothing', sampleRecord(), { owed: [], unknown: '' }],
    ['what the feed owes', sampleRecord({ networks: ['10.0.0.0/8'] }), { owed, unknown: '' }],
    ['facts of a newer version', sampleRecord(), { owed: [], unknown: '\tlater\t' }],
    ['its own digest', sampleRecord({ digest: owed[1] ?? '' }), { owed, unknown: '' }],
    ['both', sampleRecord({ rotatedTo: 'x', overlapEndsAt: NOW }), { owed, unknown: '\t1\t2' }],
  ])('brings back %s, and the record as it is', (_, any, carried) => {
    const bytes = Buffer.from(writeRecord(any, carried))
    expect(readWritten(bytes, any.digest)).toMatchObject({ record: any, carried })
  })

  it.each([
    ['nothing', {}],
    ['its life', { revokedAt: NOW + 1, revokedReason: 'leaked', updatedAt: NOW + 1, expiresAt: NOW + 2 }],
    ['its name', { name: 'né\u2028 ********' }],
    ['its scopes', { scopes: ['jobs:write'] }],
    ['its attributes', { attributes: { team: 'b' } }],
  ] satisfies [string, Partial<TokenRecord>][])(
    'copies lines of a record that differs by %s, and no others',
    (_, facts) => {
      const any = sampleRecord({ name: 'ünïcödé', attributes: { team: 'a' }, scopes: ['jobs:read'] })
      const former = readWritten(Buffer.from(writeRecord(any)), any.digest)
      const changed = { ...former.record, ...facts }
      expect(writeRecord(changed, former.carried, former)).toBe(writeRecord(changed))
    },
  )
})

describe('readDigests', () => {
  it('reads digests in hex, and the sign for the own one', () => {
    const digests = ['A'.repeat(43), 'own', `${'_'.repeat(42)}8`]
    expect(readDigests(`${'00'.repeat(32)} 0 ${'ff'.repeat(32)} `, 'own')).toEqual(digests)
    expect(readDigests('', 'own')).toEqual([])
  })
})
