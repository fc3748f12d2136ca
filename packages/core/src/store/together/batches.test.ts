import type { Wants } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { createBatches } from './batches.ts'
import type { Batches, Call } from './batches.ts'
import type { Answering } from './decide-together.ts'

const TOKEN: Wants = { ids: ['a'], key: null }

function many(name: string): Wants {
  return { ids: ['a', ...Array.from({ length: 150 }, (_, number) => `${name} ${number}`)], key: null }
}

/** Carries out nothing until it is told to, and notes how many calls were carried out together. */
function watched(): { batches: Batches; sizes: number[]; finish(): Promise<void> } {
  const sizes: number[] = []
  const finishing: (() => void)[] = []
  const batches = createBatches(async (_owner, calls) => {
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
  return { wants, decide: () => ({ answer: null }), giveUpAt: 0, isOver: false, batch: null }
}

/** A call as `change` makes it: it leaves once it is answered. */
async function take(batches: Batches, wants: Wants, owner = 'acme', call = callOf(wants)): Promise<unknown> {
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

  it.each([
    ['has a key', { ids: ['a'], key: 'k' }],
    ['counts keys', { ids: ['a'], key: null, keysAt: 1 }],
  ])('carries out by itself, and in its turn, what %s', async (_what, wants: Wants) => {
    const { batches, sizes, finish } = watched()
    void take(batches, TOKEN)
    void take(batches, wants)
    void take(batches, wants)
    expect(sizes).toEqual([1])
    await finish()
    expect(sizes).toEqual([1, 1])
    await finish()
    expect(sizes).toEqual([1, 1, 1])
  })

  const counting = (at: number, prefix = 'ot_pat') => ({ active: { at, prefixes: [prefix] } })

  it.each([
    ['adds tokens for one', (id: string): Wants => ({ ids: [id, 'maker'], key: null })],
    ['adds tokens below a limit', (id: string, at: number): Wants => ({ ids: [id], key: null, ...counting(at) })],
  ])('carries out together what %s', async (_what, wantsOf) => {
    const { batches, sizes, finish } = watched()
    const answers = Promise.all(['a', 'b', 'c', 'd'].map((id, at) => take(batches, wantsOf(id, at))))
    await finish()
    await finish()
    expect(await answers).toEqual([0, 0, 1, 2])
    expect(sizes).toEqual([1, 3])
  })

  const NOT_TOGETHER: readonly (readonly [what: string, ...waiting: [Wants, Wants]])[] = [
    ['one token, and what may need memory', TOKEN, { ids: ['a', 'b'], key: null }],
    ['counts of different tokens', { ...TOKEN, ...counting(1) }, { ...TOKEN, ...counting(1, 'cd') }],
    ['more tokens than one step writes', many('b'), many('c')],
  ]

  it.each(NOT_TOGETHER)('does not carry out together %s', async (_what, ...waiting) => {
    const { batches, sizes, finish } = watched()
    const answers = [TOKEN, ...waiting].map((wants) => take(batches, wants))
    for (const _ of answers) await finish()
    await Promise.all(answers)
    expect(sizes).toEqual([1, 1, 1])
  })

  it('carries out by itself what only counts', async () => {
    const { batches, sizes, finish } = watched()
    const answers = Promise.all(
      [1, 2, 3].map((at) => take(batches, { ids: [], key: null, active: { at, prefixes: ['ot_pat'] } })),
    )
    for (const _ of sizes) await finish()
    await answers
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
    const batches = createBatches(async () => {
      count += 1
      if (count === 1) throw new Error('refused')
      return [() => 'done']
    })
    const answers = [take(batches, TOKEN), take(batches, TOKEN)]
    await expect(answers[0]).rejects.toThrow('refused')
    expect(await answers[1]).toBe('done')
  })

  it.each([
    ['one by one after a fault of a decision', 'ERR the id is in use', [1, 3, 1, 1, 1], ['done', 'failed', 'done']],
    ['one by one if there is memory for some', 'OOM command not allowed', [1, 3, 1, 1, 1], ['done', 'failed', 'done']],
    ['no more after any other failure', 'no answer', [1, 3], ['failed', 'failed', 'failed']],
  ])('carries calls out %s', async (_what, failure, expected, outcomes) => {
    const guilty = callOf()
    const sizes: number[] = []
    const batches = createBatches(async (_owner, calls) => {
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
