import { describe, expect, it } from 'vitest'
import { changeAt, editAt, revocationAt } from '../../../../../test/support/sample-change.ts'
import { NOW, sampleRecord } from '../../../../../test/support/sample-record.ts'
import type { Decision, Kept, Wants } from '../../steps/decision/decision.ts'
import { edit } from '../../steps/edit.ts'
import { rekey } from '../../steps/rekey.ts'
import { revoke } from '../../steps/revoke.ts'
import { suspend } from '../../steps/suspend.ts'
import type { TokenRecord } from '../../token/token.ts'
import type { Deciding } from './call.ts'
import { decideTogether } from './decide-together.ts'
import type { ShownTogether, Together } from './decide-together.ts'

const token = sampleRecord()

function shownOf(...records: readonly TokenRecord[]): ShownTogether {
  const byId = new Map(records.map((record) => [record.id, record]))
  return { seen: { records: byId, kept: null, active: null, keys: null }, counts: new Map() }
}

function stepOf(decision: Omit<Decision<unknown>, 'answer'>, wants: Partial<Wants> = {}): Deciding {
  return { wants: { ids: [], key: null, ...wants }, decide: () => ({ answer: null, ...decision }) }
}

const answersOf = ({ answers }: Together) => answers.map((each) => each())

describe('decideTogether', () => {
  it('makes of one step its own decision', () => {
    const step = suspend(token.id, changeAt(NOW))
    const together = decideTogether([step], shownOf(token))
    const own = step.decide(shownOf(token).seen)
    expect(together.decision).toEqual(own)
    expect(answersOf(together)).toEqual([own.answer])
  })

  it('decides each step as if those before it were written, and writes the last state once', () => {
    const steps = [
      suspend(token.id, changeAt(NOW)),
      revoke(token.id, revocationAt(NOW + 1)),
      edit(token.id, editAt(NOW + 2, { name: 'late' })),
    ]
    const together = decideTogether(steps, shownOf(token))
    const { decision } = together
    expect(decision.put).toMatchObject([{ suspendedAt: NOW, revokedAt: NOW + 1, name: token.name }])
    expect(answersOf(together)).toMatchObject([{ outcome: 'done' }, { outcome: 'done' }, { outcome: 'not_allowed' }])
    expect(decision.announce).toEqual([token.digest])
  })

  it('announces every digest that a step announces', () => {
    const moved = sampleRecord().digest
    const steps = [rekey(token.id, moved), suspend(token.id, changeAt(NOW))]
    const { announce } = decideTogether(steps, shownOf(token)).decision
    expect(announce).toEqual(expect.arrayContaining([token.digest, moved]))
    const owner = stepOf({ announce: 'owner' })
    expect(decideTogether([owner, suspend(token.id, changeAt(NOW))], shownOf(token)).decision.announce).toBe('owner')
  })

  it('adds a record that a later step changes as it is then', () => {
    const steps = [stepOf({ add: [token] }), suspend(token.id, changeAt(NOW))]
    const { add, put } = decideTogether(steps, shownOf()).decision
    expect(add).toMatchObject([{ id: token.id, suspendedAt: NOW }])
    expect(put).toEqual([])
  })

  it('decides nothing together that adds one id twice', () => {
    const [first, second] = [token, sampleRecord({ id: token.id, digest: 'another' })]
    const steps = [first, second].map((record) => stepOf({ add: [record] }))
    expect(() => decideTogether(steps, shownOf())).toThrow('a step adds an id that is in use')
  })

  it('counts for each step what is active at its own instant, and what those before it changed', () => {
    const ending = sampleRecord({ expiresAt: NOW + 2 })
    const shown = { ...shownOf(token, ending), counts: new Map([5, 4, 3].map((count, index) => [NOW + index, count])) }
    const seen: (number | null)[] = []
    const counting = (index: number, decision: Omit<Decision<unknown>, 'answer'>): Deciding => ({
      ...stepOf({}, { active: { at: NOW + index, prefixes: [token.prefix] } }),
      decide({ active }) {
        seen.push(active)
        return { answer: null, ...decision }
      },
    })
    const steps = [
      counting(0, { add: [sampleRecord(), sampleRecord({ prefix: 'other' }), sampleRecord({ expiresAt: NOW + 1 })] }),
      counting(0, { put: [{ ...token, revokedAt: NOW }] }),
      counting(1, { put: [{ ...ending, revokedAt: NOW }] }),
      counting(2, {}),
    ]
    decideTogether(steps, shown)
    expect(seen).toEqual([5, 7, 4, 3])
  })

  it('leaves what a decision throws to its own caller', () => {
    const failing: Deciding = {
      ...stepOf({}),
      decide() {
        throw new RangeError('of the step')
      },
    }
    const { decision, answers } = decideTogether([failing, suspend(token.id, changeAt(NOW))], shownOf(token))
    expect(() => answers[0]?.()).toThrow(RangeError)
    expect(answers[1]?.()).toMatchObject({ outcome: 'done' })
    expect(decision.put).toHaveLength(1)
  })

  it('shows each step of a key what the steps before it kept under it, and how many keys there are then', () => {
    const kept: Kept = { key: 'k', fingerprint: 'f', expiresAt: NOW + 2, answer: { revoked: 1 } }
    const shown = { ...shownOf(), keyCounts: new Map([3, 2].map((count, index) => [NOW + index, count])) }
    const seen: unknown[] = []
    const step = (at: number, decision: Omit<Decision<unknown>, 'answer'>): Deciding => ({
      ...stepOf({}, { key: 'k', keysAt: at }),
      decide({ kept, keys }) {
        seen.push([kept?.answer ?? null, keys])
        return { answer: null, ...decision }
      },
    })
    const { decision } = decideTogether([step(NOW, {}), step(NOW, { keep: kept }), step(NOW + 1, {})], shown)
    expect(seen).toEqual([
      [null, 3],
      [null, 3],
      [{ revoked: 1 }, 3],
    ])
    expect(decision.keep).toBe(kept)
  })

  it('changes nothing for a step whose caller is over', () => {
    const over = { ...stepOf({ add: [token] }), isOver: true }
    for (const steps of [[over], [over, over]]) {
      const { add = [] } = decideTogether(steps, shownOf()).decision
      expect(add).toEqual([])
    }
  })
})
