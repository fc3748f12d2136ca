import type { Wants } from '@tessera/core'
import { isOwnFault } from './decide-together.ts'
import type { Answering, Deciding } from './decide-together.ts'
import { createTurns } from './turns.ts'
import type { Turn } from './turns.ts'

/** A call of `change`. */
export interface Call extends Deciding {
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
  enter(owner: string, call: Call): Promise<Answering>
  /** Says that a call is over, with an answer or without. */
  leave(call: Call): void
}

/** So many tokens are written in one step at most, if that is a step of several calls. */
const MOST_TOKENS = 200

const ALONE = Promise.resolve()

/**
 * Takes one step at a time for a token in this process. Calls waiting for the same token, or for the same count, are carried
 * out together: the last of many waits little longer than the first. If one of them is at fault, they are carried out one by
 * one, and only it fails.
 */
export function createBatches(
  carryOut: (owner: string, calls: readonly Call[]) => Promise<readonly Answering[]>,
): Batches {
  const takeTurn = createTurns()
  /** By the lane and each of the names that it was made for. */
  const waiting = new Map<string, Batch>()

  function batchFor(owner: string, call: Call): Batch {
    const names = namesIn(owner, call.wants)
    const lane = laneOf(call.wants)
    const places = lane === null ? [] : names.map((name) => `${lane}\0${name}`)
    for (const place of places) {
      const open = waiting.get(place)
      if (open === undefined || !hasRoom(open, call)) continue
      open.calls.push(call)
      return open
    }
    const turn = takeTurn(names)
    const calls = [call]
    if (turn.begun === null) return { calls, turn, alone: ALONE, answers: carryOut(owner, calls) }
    const answers = turn.begun.then(() => {
      for (const place of places) if (waiting.get(place) === batch) waiting.delete(place)
      return carryOut(owner, calls)
    })
    const batch = { calls, turn, alone: ALONE, answers }
    for (const place of places) waiting.set(place, batch)
    return batch
  }

  function carryOutAlone(batch: Batch, owner: string, call: Call): Promise<readonly Answering[]> {
    const answers = batch.alone.then(() => carryOut(owner, [call]))
    batch.alone = answers.catch(() => undefined)
    return answers
  }

  return {
    async enter(owner, call) {
      // It has left already, so nobody would end its turn.
      if (call.isOver) throw givenUp()
      const batch = batchFor(owner, call)
      call.batch = batch
      try {
        return answerIn(await batch.answers, batch.calls.indexOf(call))
      } catch (error) {
        if (batch.calls.length === 1 || !isOwnFault(error)) throw error
        return answerIn(await carryOutAlone(batch, owner, call), 0)
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

/**
 * Calls of the same lane may be carried out together; `null` for those that are by themselves: with a key, or without a
 * token. Those of one token alone have a lane of their own, as they need no memory of a full server.
 */
function laneOf({ ids, key, keysAt, active }: Wants): string | null {
  if (ids.length === 0 || key !== null || keysAt !== undefined) return null
  if (active !== undefined) return `counting ${active.prefixes.join()}`
  return ids.length === 1 ? 'one' : 'several'
}

function hasRoom({ calls }: Batch, { wants }: Call): boolean {
  if (wants.ids.length === 1 && wants.active === undefined) return true
  return calls.reduce((sum, each) => sum + each.wants.ids.length, wants.ids.length) <= MOST_TOKENS
}

/** The names that two steps of one process may not use at the same time. An owner has no control character. */
function namesIn(owner: string, { ids, key, active }: Wants): readonly string[] {
  const names = ids.map((id) => `${owner}\0id\0${id}`)
  if (key !== null) names.push(`${owner}\0key\0${key}`)
  if (active !== undefined) names.push(`${owner}\0active`)
  return names
}
