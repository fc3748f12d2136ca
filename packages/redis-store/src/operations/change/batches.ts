import type { Wants } from '@tessera/core'
import { isOwnFault } from './decide-together.ts'
import type { Answering, Decide } from './decide-together.ts'
import { createTurns } from './turns.ts'
import type { Turn } from './turns.ts'

/** A call of `change`. */
export interface Call {
  readonly decide: Decide
  /** By this process' monotonic clock. */
  readonly giveUpAt: number
  /** Whether its caller has an answer or a failure by now. */
  isOver: boolean
  batch: Batch | null
}

/** Calls that are carried out as one step, and each call's answer in their order. */
interface Batch {
  readonly calls: Call[]
  readonly answers: Promise<readonly Answering[]>
  readonly turn: Turn
  /** Resolves once no call of it is carried out by itself. */
  alone: Promise<unknown>
}

export interface Batches {
  /** Carries out a call in its turn. A call that is over takes none. */
  enter(owner: string, wants: Wants, call: Call): Promise<Answering>
  /** Says that a call is over, with an answer or without. */
  leave(call: Call): void
}

/**
 * Takes one step at a time for a token in this process. Calls waiting for the same token are carried out together: the last
 * of many waits little longer than the first. If one of them is at fault, they are carried out one by one, and only it
 * fails.
 */
export function createBatches(
  carryOut: (owner: string, wants: Wants, calls: readonly Call[]) => Promise<readonly Answering[]>,
): Batches {
  const takeTurn = createTurns()
  /** By the name of their token. */
  const waiting = new Map<string, Batch>()

  function batchFor(owner: string, wants: Wants, call: Call): Batch {
    const names = namesIn(owner, wants)
    const [name = ''] = names
    const isOpen = wantsOneToken(wants)
    const open = isOpen ? waiting.get(name) : undefined
    if (open !== undefined) {
      open.calls.push(call)
      return open
    }
    const turn = takeTurn(names)
    const calls = [call]
    const alone = Promise.resolve()
    if (turn.begun === null) return { calls, turn, alone, answers: carryOut(owner, wants, calls) }
    const answers = turn.begun.then(() => {
      if (isOpen) waiting.delete(name)
      return carryOut(owner, wants, calls)
    })
    const batch = { calls, turn, alone, answers }
    if (isOpen) waiting.set(name, batch)
    return batch
  }

  function carryOutAlone(batch: Batch, owner: string, wants: Wants, call: Call): Promise<readonly Answering[]> {
    const answers = batch.alone.then(() => carryOut(owner, wants, [call]))
    batch.alone = answers.catch(() => undefined)
    return answers
  }

  return {
    async enter(owner, wants, call) {
      // It has left already, so nobody would end its turn.
      if (call.isOver) throw givenUp()
      const batch = batchFor(owner, wants, call)
      call.batch = batch
      try {
        return answerIn(await batch.answers, batch.calls.indexOf(call))
      } catch (error) {
        if (batch.calls.length === 1 || !isOwnFault(error)) throw error
        return answerIn(await carryOutAlone(batch, owner, wants, call), 0)
      }
    },
    leave(call) {
      call.isOver = true
      const { batch } = call
      if (batch?.calls.every(({ isOver }) => isOver)) batch.turn.end()
    },
  }
}

/** The error of a step whose callers are all over. */
export function givenUp(): Error {
  return new Error('the step was given up')
}

function answerIn(answers: readonly Answering[], index: number): Answering {
  const answer = answers[index]
  if (answer === undefined) throw new Error('a step was given no answer')
  return answer
}

/** Whether it is shown the same as every other call with that token. */
function wantsOneToken({ ids, key, keysAt, active }: Wants): boolean {
  return ids.length === 1 && key === null && keysAt === undefined && active === undefined
}

/** The names that two steps of one process may not use at the same time. An owner has no control character. */
function namesIn(owner: string, { ids, key, active }: Wants): readonly string[] {
  const names = ids.map((id) => `${owner}\0id\0${id}`)
  if (key !== null) names.push(`${owner}\0key\0${key}`)
  if (active !== undefined) names.push(`${owner}\0active`)
  return names
}
