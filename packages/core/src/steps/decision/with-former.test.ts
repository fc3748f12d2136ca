import { describe, expect, it } from 'vitest'
import { changeAt } from '../../../../../test/support/sample-change.ts'
import { NOW, sampleRecord } from '../../../../../test/support/sample-record.ts'
import { seen } from '../../../testing/seen.ts'
import { suspend } from '../suspend.ts'
import { withFormer } from './with-former.ts'

describe('withFormer', () => {
  const token = sampleRecord()
  const step = suspend(token.id, changeAt(NOW + 5))

  it('answers with the token as it was shown, and decides the same', () => {
    const decision = step.decide(seen([token]))
    const answer = { answer: decision.answer, former: token }
    expect(withFormer(token.id, step).decide(seen([token]))).toEqual({ ...decision, answer })
    expect(withFormer(token.id, step)).toMatchObject({ operation: step.operation, wants: step.wants })
  })

  it('answers with null where it was not', () => {
    expect(withFormer(token.id, step).decide(seen([])).answer).toEqual({
      answer: { outcome: 'not_found' },
      former: null,
    })
  })
})
