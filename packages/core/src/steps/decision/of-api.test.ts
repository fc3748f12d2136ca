import { describe, expect, it } from 'vitest'
import { FREELY, NOW, sampleRecord } from '../../../../../test/support/sample-record.ts'
import { REQUEST, keptOf, seen } from '../../../testing/seen.ts'
import { insert } from '../insert.ts'
import { revoke } from '../revoke.ts'
import { keyUnder, ofApi, prefixOfKey, requestUnder } from './of-api.ts'

const OWN = sampleRecord()
const RETIRED = sampleRecord({ prefix: 'old_pat' })
const FOREIGN = sampleRecord({ prefix: 'tok_live' })
const PREFIXES = ['ot_pat', 'old_pat']
const ALL = seen([OWN, RETIRED, FOREIGN])
const REASON = { at: NOW, reason: 'requested' } as const

describe('ofApi', () => {
  it.each([OWN, RETIRED])('decides about a token of one of its prefixes', (token) => {
    const step = revoke(token.id, { ...REASON, idempotency: null })
    expect(ofApi(step, PREFIXES).decide(ALL)).toEqual(step.decide(ALL))
    expect(step.decide(ALL).answer.outcome).toBe('done')
  })

  it('takes a token of another prefix for an unknown one', () => {
    const step = revoke(FOREIGN.id, { ...REASON, idempotency: null })
    expect(ofApi(step, PREFIXES).decide(ALL)).toEqual({ answer: { outcome: 'not_found' } })
    expect(step.decide(ALL).answer.outcome).toBe('done')
  })

  it('shows a step no neighbour of another prefix', () => {
    const { decide } = ofApi(
      { operation: '', wants: { ids: [], key: null }, decide: (all) => ({ answer: all }) },
      PREFIXES,
    )
    expect([...decide(ALL).answer.records.keys()]).toEqual([OWN.id, RETIRED.id])
  })

  it('asks for a key of its current prefix, and keeps its answer there', () => {
    const { wants, decide } = ofApi(revoke(OWN.id, { ...REASON, idempotency: REQUEST }), PREFIXES)
    expect(wants).toMatchObject({ ids: [OWN.id], key: 'ot_pat:deploy-42' })
    expect(decide(seen([OWN])).keep).toMatchObject({ key: 'ot_pat:deploy-42', fingerprint: REQUEST.fingerprint })
  })

  it('counts the tokens of all of its prefixes', () => {
    const { wants } = ofApi(insert(sampleRecord(), { ...FREELY, activeLimit: 25 }), PREFIXES)
    expect(wants.active).toEqual({ at: NOW, prefixes: PREFIXES })
  })

  it('answers a repeated request with the answer kept under its key', () => {
    const step = ofApi(revoke(OWN.id, { ...REASON, idempotency: REQUEST }), PREFIXES)
    const kept = keptOf({ record: OWN }, { key: 'ot_pat:deploy-42' })
    expect(step.decide(seen([], { kept })).answer).toEqual({ outcome: 'replayed', record: OWN })
  })
})

describe('prefixOfKey', () => {
  it.each([
    ['ot_pat:deploy-42', 'ot_pat'],
    ['ot_pat:a:b', 'ot_pat'],
    ['deploy-42', ''],
    [':', ''],
    ['', ''],
  ])('of %j is %j', (key, prefix) => {
    expect(prefixOfKey(key)).toBe(prefix)
  })

  it('is the prefix that a key was put under, whatever the key holds', () => {
    for (const key of ['a', 'a:b', ':', 'tok_live:a']) expect(prefixOfKey(keyUnder('ot_pat', key))).toBe('ot_pat')
    expect(prefixOfKey(keyUnder('ot_pat', ' notice:1:a'))).toBe('ot_pat notice')
  })
})

describe('requestUnder', () => {
  it('changes the key and nothing else, and leaves no request as it is', () => {
    expect(requestUnder('ot_pat', REQUEST)).toEqual({ ...REQUEST, key: 'ot_pat:deploy-42' })
    expect(requestUnder('ot_pat', null)).toBeNull()
  })
})
