import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { REQUEST, keptOf, seen } from '../../testing/seen.ts'
import { findRepeated, insert } from './insert.ts'
import type { InsertConditions } from './insert.ts'

const FREELY: InsertConditions = { now: NOW, activeLimit: null, idempotency: null }
const KEYED: InsertConditions = { ...FREELY, idempotency: REQUEST }
const CONFLICT = { answer: { outcome: 'idempotency_conflict' } }

describe('insert', () => {
  it('wants the id and the key, and the count only where there is a limit', () => {
    const record = sampleRecord()
    const wantsOf = (conditions: InsertConditions) => insert(record, conditions).wants
    expect(wantsOf(FREELY)).toEqual({ ids: [record.id], key: null })
    expect(wantsOf(KEYED)).toEqual({ ids: [record.id], key: REQUEST.key })
    expect(wantsOf({ ...FREELY, activeLimit: 25 })).toEqual({
      ids: [record.id],
      key: null,
      active: { at: NOW, prefixes: ['ot_pat'] },
    })
  })

  it('adds the record as given, announces nothing, and keeps it under the key', () => {
    const record = sampleRecord({ suspendedAt: NOW, revokedAt: NOW, lastUsedAt: NOW + 99 })
    expect(insert(record, FREELY).decide(seen())).toEqual({ answer: { outcome: 'inserted' }, add: [record] })
    expect(insert(record, KEYED).decide(seen())).toEqual({
      answer: { outcome: 'inserted' },
      add: [record],
      keep: { ...REQUEST, answer: { record } },
    })
  })

  it('refuses an id that is taken', () => {
    const record = sampleRecord()
    const taken = sampleRecord({ id: record.id })
    expect(insert(record, KEYED).decide(seen([taken]))).toEqual({ answer: { outcome: 'id_taken' } })
  })

  it('refuses the token past the limit, says how many are active, and leaves the key free', () => {
    const withActive = (active: number) =>
      insert(sampleRecord(), { ...KEYED, activeLimit: 3 }).decide(seen([], { active }))
    expect(withActive(2)).toMatchObject({ answer: { outcome: 'inserted' } })
    for (const active of [3, 7]) expect(withActive(active)).toEqual({ answer: { outcome: 'limit_reached', active } })
  })

  it('lets the key decide first, then the id, then the limit', () => {
    const record = sampleRecord()
    const first = sampleRecord()
    const { decide } = insert(record, { ...KEYED, activeLimit: 1 })
    const full = { active: 1 }
    const shown = seen([record], full)
    const kept = keptOf({ record: first })
    expect(decide({ ...shown, kept })).toEqual({ answer: { outcome: 'replayed', record: first } })
    expect(decide({ ...shown, kept: keptOf({ record: first }, { fingerprint: 'b' }) })).toEqual(CONFLICT)
    expect(decide(shown)).toEqual({ answer: { outcome: 'id_taken' } })
    expect(decide(seen([], full))).toEqual({ answer: { outcome: 'limit_reached', active: 1 } })
    expect(decide(seen([], { active: 0 }))).toMatchObject({ answer: { outcome: 'inserted' } })
  })

  it('goes by a key until the instant of its expiry, by the clock that it is given', () => {
    const kept = keptOf({ record: sampleRecord() }, { fingerprint: 'b' })
    const at = (now: number) => insert(sampleRecord(), { ...KEYED, now }).decide(seen([], { kept }))
    expect(at(REQUEST.expiresAt - 1)).toEqual(CONFLICT)
    expect(at(REQUEST.expiresAt)).toMatchObject({ answer: { outcome: 'inserted' }, keep: REQUEST })
  })
})

describe('findRepeated', () => {
  it('wants the key and no token', () => {
    expect(findRepeated(REQUEST, NOW).wants).toEqual({ ids: [], key: REQUEST.key })
  })

  it('answers as the key decides, and changes nothing', () => {
    const record = sampleRecord()
    const answerTo = (kept = keptOf({ record }), now = NOW) => findRepeated(REQUEST, now).decide(seen([], { kept }))
    expect(answerTo()).toEqual({ answer: { outcome: 'replayed', record } })
    expect(answerTo(keptOf({ record }, { fingerprint: 'b' }))).toEqual(CONFLICT)
    expect(answerTo(keptOf({ revoked: 1 }))).toEqual(CONFLICT)
    expect(answerTo(keptOf({ record }), REQUEST.expiresAt)).toEqual({ answer: null })
    expect(findRepeated(REQUEST, NOW).decide(seen())).toEqual({ answer: null })
  })
})
