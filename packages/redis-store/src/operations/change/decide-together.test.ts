import { edit, rekey, revoke, suspend } from '@tessera/core'
import type { Decision, Seen, TokenRecord } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { changeAt, editAt, revocationAt } from '../../../../../test/support/sample-change.ts'
import { NOW, sampleRecord } from '../../../../../test/support/sample-record.ts'
import { decideTogether, isOwnFault } from './decide-together.ts'
import type { Answering, Decide } from './decide-together.ts'

const token = sampleRecord()

function seenOf(...records: readonly TokenRecord[]): Seen {
  return { records: new Map(records.map((record) => [record.id, record])), kept: null, active: null, keys: null }
}

const answersOf = ({ answer }: Decision<readonly Answering[]>) => answer.map((each) => each())

describe('decideTogether', () => {
  it('makes of one step its own decision', () => {
    const step = suspend(token.id, changeAt(NOW))
    const { answer, ...decision } = decideTogether([step.decide], seenOf(token))
    const { answer: own, ...expected } = step.decide(seenOf(token))
    expect(decision).toEqual(expected)
    expect(answer.map((each) => each())).toEqual([own])
  })

  it('decides each step as if those before it were written, and writes the last state once', () => {
    const steps = [
      suspend(token.id, changeAt(NOW)),
      revoke(token.id, revocationAt(NOW + 1)),
      edit(token.id, editAt(NOW + 2, { name: 'late' })),
    ]
    const decision = decideTogether(
      steps.map(({ decide }) => decide),
      seenOf(token),
    )
    expect(decision.put).toMatchObject([{ suspendedAt: NOW, revokedAt: NOW + 1, name: token.name }])
    expect(answersOf(decision)).toMatchObject([{ outcome: 'done' }, { outcome: 'done' }, { outcome: 'not_allowed' }])
    expect(decision.announce).toEqual([token.digest])
  })

  it('announces every digest that a step announces', () => {
    const moved = sampleRecord().digest
    const steps = [rekey(token.id, moved), suspend(token.id, changeAt(NOW))]
    const { announce } = decideTogether(
      steps.map(({ decide }) => decide),
      seenOf(token),
    )
    expect(announce).toEqual(expect.arrayContaining([token.digest, moved]))
    const owner: Decide = () => ({ answer: null, announce: 'owner' })
    expect(decideTogether([owner, suspend(token.id, changeAt(NOW)).decide], seenOf(token)).announce).toBe('owner')
  })

  it('adds a record that a later step changes as it is then', () => {
    const added: Decide = () => ({ answer: null, add: [token] })
    const { add, put } = decideTogether([added, suspend(token.id, changeAt(NOW)).decide], seenOf())
    expect(add).toMatchObject([{ id: token.id, suspendedAt: NOW }])
    expect(put).toEqual([])
  })

  it('decides nothing together that adds one id twice', () => {
    const [first, second] = [token, sampleRecord({ id: token.id, digest: 'another' })]
    const decides = [first, second].map(
      (record): Decide =>
        () => ({ answer: null, add: [record] }),
    )
    expect(() => decideTogether(decides, seenOf())).toThrow('a step adds an id that is in use')
  })

  it('leaves what a decision throws to its own caller', () => {
    const failing: Decide = () => {
      throw new RangeError('of the step')
    }
    const decision = decideTogether([failing, suspend(token.id, changeAt(NOW)).decide], seenOf(token))
    expect(() => decision.answer[0]?.()).toThrow(RangeError)
    expect(decision.answer[1]?.()).toMatchObject({ outcome: 'done' })
    expect(decision.put).toHaveLength(1)
  })
})

describe('isOwnFault', () => {
  it.each([
    ['ERR the digest is in use', true],
    ['ERR the id is in use script: 0f, on @user_script:81.', true],
    ['a step puts a token that it was not shown', true],
    ['a step adds an id that is in use', true],
    ['no answer within 1000 ms', false],
    ['Redis got to the command after it was given up, or its clock was set', false],
    ['READONLY You cannot write against a read only replica.', false],
  ])('tells of "%s" whether a decision is to blame', (message, expected) => {
    expect(isOwnFault(new Error(message))).toBe(expected)
  })
})
