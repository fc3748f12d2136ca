import { describe, expect, it } from 'vitest'
import type { Wants } from '../../steps/decision/decision.ts'
import { createBatches } from './batches.ts'
import type { Batches, Joining } from './batches.ts'
import type { Answering, Call } from './call.ts'

/** By the names of the tokens; in lanes by what is counted, and with a key alone. */
const createWith = (carryOut: Joining<Call>['carryOut']): Batches<Call> =>
  createBatches<Call>({
    namesOf: (owner, { wants: { ids } }) => ids.map((id) => `${owner} ${id}`),
    laneOf: ({ wants: { key, keysAt } }) => (key === null ? `lane ${keysAt}` : null),
    isOwnFault: (error) => String(error).includes('own'),
    carryOut,
  })

const TOKEN: Wants = { ids: ['a'], key: null }

function many(name: string): Wants {
  return { ids: ['a', ...Array.from({ length: 150 }, (_, number) => `${name} ${number}`)], key: null }
}

/** Carries out nothing until it is told to, and notes how many calls were carried out together. */
function watched(): { batches: Batches<Call>; sizes: number[]; finish(): Promise<void> } {
  const sizes: number[] = []
  const finishing: (() => void)[] = []
  const batches = createWith(async (_owner, calls) => {
    sizes.push(calls.length)
    await new Promise<void>((resolve) => finishing.push(resolve))
    return calls.map(
      (_, index): Answering =>
        () =>
          index,
    )
  })
  return {
    batches,
    sizes,
    async finish() {
      for (const each of finishing.splice(0)) each()
      await new Promise(setImmediate)
    },
  }
}

function callOf(wants = TOKEN): Call {
  return { wants, decide: () => ({ answer: null }), giveUpAt: 0, isOver: false }
}

/** A call as `change` makes it: it leaves once it is answered. */
async function take(batches: Batches<Call>, wants: Wants, owner = 'acme', call = callOf(wants)): Promise<unknown> {
  const answer = await batches.enter(owner, call).finally(() => batches.leave(call))
  return answer()
}

describe('createBatches', () => {
  it('carries out together what waits for the same token, and gives each call its own answer', async () => {
    const { batches, sizes, finish } = watched()
    const answers = Promise.all([1, 2, 3, 4].map(() => take(batches, TOKEN)))
    await finish()
    await finish()
    expect(await answers).toEqual([0, 0, 1, 2])
    expect(sizes).toEqual([1, 3])
  })

  it('gives no turn to a call that is over before it enters', async () => {
    const { batches, sizes } = watched()
    const call = callOf()
    batches.leave(call)
    await expect(batches.enter('acme', call)).rejects.toThrow('given up')
    void take(batches, TOKEN)
    expect(sizes).toEqual([1])
  })

  it.each([
    ['another token', { ids: ['b'], key: null }, 'acme'],
    ['the token of the same id of another owner', TOKEN, 'globex'],
  ])('has nothing wait that changes %s', async (_what, wants: Wants, owner) => {
    const { batches, sizes } = watched()
    void take(batches, TOKEN)
    void take(batches, wants, owner)
    expect(sizes).toEqual([1, 1])
  })

  it('carries out by itself, and in its turn, what has no lane', async () => {
    const { batches, sizes, finish } = watched()
    const alone = { ids: ['a'], key: 'k' }
    const answers = [TOKEN, alone, alone].map((wants) => take(batches, wants))
    for (const _ of answers) await finish()
    await Promise.all(answers)
    expect(sizes).toEqual([1, 1, 1])
  })

  it('carries out together what has one of several names in common', async () => {
    const { batches, sizes, finish } = watched()
    const answers = Promise.all(['a', 'b', 'c', 'd'].map((id) => take(batches, { ids: [id, 'maker'], key: null })))
    await finish()
    await finish()
    expect(await answers).toEqual([0, 0, 1, 2])
    expect(sizes).toEqual([1, 3])
  })

  it.each([
    ['of different lanes', TOKEN, { ids: ['a'], key: null, keysAt: 1 }],
    ['for more tokens than one step writes', many('b'), many('c')],
  ])('does not carry out together calls %s', async (_what, ...waiting: [Wants, Wants]) => {
    const { batches, sizes, finish } = watched()
    const answers = [TOKEN, ...waiting].map((wants) => take(batches, wants))
    for (const _ of answers) await finish()
    await Promise.all(answers)
    expect(sizes).toEqual([1, 1, 1])
  })

  it('waits no longer for what all callers have given up', async () => {
    const { batches, sizes } = watched()
    const call = callOf()
    void batches.enter('acme', call)
    void take(batches, TOKEN)
    batches.leave(call)
    await new Promise(setImmediate)
    expect(sizes).toEqual([1, 1])
  })

  it('goes on after a failure, which is that of the calls that it met', async () => {
    let count = 0
    const batches = createWith(async () => {
      count += 1
      if (count === 1) throw new Error('refused')
      return [() => 'done']
    })
    const answers = [take(batches, TOKEN), take(batches, TOKEN)]
    await expect(answers[0]).rejects.toThrow('refused')
    expect(await answers[1]).toBe('done')
  })

  it.each([
    ['one by one after a fault of a decision', 'its own fault', [1, 3, 1, 1, 1], ['done', 'failed', 'done']],
    ['no more after any other failure', 'no answer', [1, 3], ['failed', 'failed', 'failed']],
  ])('carries calls out %s', async (_what, failure, expected, outcomes) => {
    const guilty = callOf()
    const sizes: number[] = []
    const batches = createWith(async (_owner, calls) => {
      sizes.push(calls.length)
      if (calls.includes(guilty)) throw new Error(failure)
      return calls.map(() => () => 'done')
    })
    const first = take(batches, TOKEN)
    const calls = [callOf(), guilty, callOf()]
    const answers = calls.map((call) => take(batches, TOKEN, 'acme', call).catch(() => 'failed'))
    expect(await Promise.all([first, ...answers])).toEqual(['done', ...outcomes])
    expect(sizes).toEqual(expected)
  })
})
