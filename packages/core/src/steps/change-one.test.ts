import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { REQUEST, keptOf, seen } from '../../testing/seen.ts'
import type { Change, ChangeOutcome } from './change-one.ts'
import type { Step } from './decision/decision.ts'
import { edit } from './edit.ts'
import type { EditOutcome } from './edit.ts'
import { resume } from './resume.ts'
import type { Outdated } from './resume.ts'
import { revoke } from './revoke.ts'
import { suspend } from './suspend.ts'

type Make = (id: string, change: Change) => Step<ChangeOutcome | EditOutcome | Outdated>

const RENAMING = { name: 'renamed', scopes: null, narrowOnly: false, ceilings: [], rules: {} }

const STEPS: readonly [string, Make][] = [
  ['revoke', (id, change) => revoke(id, { ...change, reason: 'leaked' })],
  ['suspend', suspend],
  ['resume', resume],
  ['edit', (id, change) => edit(id, { ...change, ...RENAMING })],
]

const AT = NOW + 5
const KEYED: Change = { at: AT, idempotency: REQUEST }
const UNKEYED: Change = { at: AT, idempotency: null }

/** A token that the step changes. */
function changeable(name: string) {
  return sampleRecord({ suspendedAt: name === 'resume' ? NOW : null })
}

describe.each(STEPS)('a step that changes one token: %s', (name, make) => {
  it('wants the token and the key, and no count', () => {
    expect(make('tok_1', KEYED).wants).toEqual({ ids: ['tok_1'], key: REQUEST.key })
    expect(make('tok_1', UNKEYED).wants).toEqual({ ids: ['tok_1'], key: null })
  })

  it('lets the key decide before anything else, and announces the token again', () => {
    const token = sampleRecord({ revokedAt: NOW, revokedReason: 'leaked' })
    const record = sampleRecord()
    const kept = keptOf({ record })
    for (const records of [[token], []]) {
      const decision = make(token.id, KEYED).decide(seen(records, { kept }))
      expect(decision).toEqual({ answer: { outcome: 'replayed', record }, announce: [record.digest] })
    }
  })

  it('refuses a key that another request used: of another fingerprint, or for many tokens', () => {
    const token = changeable(name)
    const others = [keptOf({ record: token }, { fingerprint: 'b' }), keptOf({ revoked: 1 }), keptOf(null)]
    for (const kept of others) {
      const decision = make(token.id, KEYED).decide(seen([token], { kept }))
      expect(decision).toEqual({ answer: { outcome: 'idempotency_conflict' } })
    }
  })

  it('goes by a key until the instant of its expiry, and uses it anew from then on', () => {
    const token = changeable(name)
    const kept = keptOf({ record: token }, { fingerprint: 'b', expiresAt: AT + 1 })
    const { decide } = make(token.id, KEYED)
    expect(decide(seen([token], { kept })).answer).toEqual({ outcome: 'idempotency_conflict' })
    const decision = decide(seen([token], { kept: { ...kept, expiresAt: AT } }))
    expect(decision).toMatchObject({ answer: { outcome: 'done' }, keep: REQUEST })
  })

  it('finds no unknown token, changes nothing and leaves the key free', () => {
    expect(make('unknown', KEYED).decide(seen())).toEqual({ answer: { outcome: 'not_found' } })
  })

  it('answers with the token after the step, puts and announces it, and keeps the answer', () => {
    const token = changeable(name)
    const decision = make(token.id, KEYED).decide(seen([token]))
    const { answer } = decision
    const record = 'record' in answer ? answer.record : null
    expect(record).not.toEqual(token)
    expect(record).toMatchObject({ id: token.id, digest: token.digest, updatedAt: AT })
    expect(decision).toEqual({
      answer: { outcome: 'done', record },
      put: [record],
      announce: [token.digest],
      keep: { ...REQUEST, answer: { record } },
    })
  })

  it('keeps nothing without a key', () => {
    const token = changeable(name)
    expect(make(token.id, UNKEYED).decide(seen([token]))).not.toHaveProperty('keep')
  })

  it('asked again puts nothing, but announces and keeps the answer: the first call may have failed in between', () => {
    const token = changeable(name)
    const [record] = make(token.id, UNKEYED).decide(seen([token])).put ?? []
    if (record === undefined) throw new Error(`${name} did not change the token`)
    expect(make(token.id, KEYED).decide(seen([record]))).toEqual({
      answer: { outcome: 'done', record },
      announce: [token.digest],
      keep: { ...REQUEST, answer: { record } },
    })
  })

  it('decides alike each time it is shown the same', () => {
    const token = changeable(name)
    const { decide } = make(token.id, KEYED)
    expect(decide(seen([token]))).toEqual(decide(seen([token])))
  })
})
