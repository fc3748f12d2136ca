import { describe, expect, it } from 'vitest'
import { sampleRecord } from '../../../../test/support/sample-record.ts'
import { createFirstUses } from './first-uses.ts'

describe('createFirstUses', () => {
  it('knows tokens of different owners apart, also under one id', () => {
    const uses = createFirstUses()
    const records = ['acme', 'other'].map((owner) => sampleRecord({ id: '1', owner }))
    expect([...records, ...records].map((record) => uses.add(record))).toEqual([true, true, false, false])
  })

  it('keeps 100,000 tokens', () => {
    const uses = createFirstUses()
    for (let n = 0; n < 100_000; n++) uses.add(sampleRecord({ id: `${n}`, digest: '' }))
    expect(uses.add(sampleRecord({ id: '0' }))).toBe(false)
    uses.add(sampleRecord({ id: 'one more' }))
    expect(uses.add(sampleRecord({ id: '1' }))).toBe(false)
    expect(uses.add(sampleRecord({ id: '0' }))).toBe(true)
  })
})
