import type { Wants } from '@tessera/core'
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
}

export interface Batches {
  /** Carries out a call in its turn. */
  enter(owner: string, wants: Wants, call: Call): Promise<Answering>
  /** Says that a call is over, with an answer or without. */
  leave(call: Call): void
}

/**
 * Takes one step at a time for a token in this process. Calls waiting for the same token are carried out together: the last
 * of many waits little longer than the first.
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
    const isOpen = names.length === 1 && wants.key === null && wants.keysAt === undefined
    const open = isOpen ? waiting.get(name) : undefined
    if (open !== undefined) {
      open.calls.push(call)
      return open
    }
    const turn = takeTurn(names)
    const calls = [call]
    if (turn.begun === null) return { calls, turn, answers: carryOut(owner, wants, calls) }
    const answers = turn.begun.then(() => {
      if (isOpen) waiting.delete(name)
      return carryOut(owner, wants, calls)
    })
    const batch = { calls, turn, answers }
    if (isOpen) waiting.set(name, batch)
    return batch
  }

  return {
    async enter(owner, wants, call) {
      const batch = batchFor(owner, wants, call)
      call.batch = batch
      const index = batch.calls.indexOf(call)
      const answer = (await batch.answers)[index]
      if (answer === undefined) throw new Error('a step was given no answer')
      return answer
    },
    leave(call) {
      call.isOver = true
      const { batch } = call
      if (batch?.calls.every(({ isOver }) => isOver)) batch.turn.end()
    },
  }
}

/** The names that two steps of one process may not use at the same time. An owner has no control character. */
function namesIn(owner: string, { ids, key, activeAt }: Wants): readonly string[] {
  const names = ids.map((id) => `${owner}\0id\0${id}`)
  if (key !== null) names.push(`${owner}\0key\0${key}`)
  if (activeAt !== undefined) names.push(`${owner}\0active`)
  return names
}
