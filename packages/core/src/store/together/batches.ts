import { givenUp } from './call.ts'
import type { Answering, Call } from './call.ts'
import { createTurns } from './turns.ts'
import type { Turn } from './turns.ts'

/** Calls that are carried out as one step, and each call's answer in their order. */
interface Batch<Own> {
  readonly calls: Own[]
  /** Of all tokens wanted. */
  readonly ids: Set<string>
  readonly answers: Promise<readonly Answering[]>
  readonly turn: Turn
  /** Resolves once no call of it is carried out by itself. */
  alone: Promise<unknown>
}

export interface Batches<Own extends Call> {
  /** Carries out a call in its turn. A call that is over takes none. */
  enter(owner: string, call: Own): Promise<Answering>
  /** Says that a call is over, with an answer or without. */
  leave(call: Own): void
}

/** How a store joins calls. */
export interface Joining<Own extends Call> {
  /** The names that two steps of one process may not use at the same time. */
  namesOf(owner: string, call: Own): readonly string[]
  /** Calls of the same lane with a name in common may be carried out together; `null` for those that are by themselves. */
  laneOf(call: Own): string | null
  /** Whether one of several decisions is to blame for a failure. Then nothing of them is written, and each may be by itself. */
  isOwnFault(error: unknown): boolean
  carryOut(owner: string, calls: readonly Own[]): Promise<readonly Answering[]>
}

/** So many tokens are written in one step at most, if that is a step of several calls. */
const MOST_TOKENS = 200

const ALONE = Promise.resolve()
const NOBODYS: Set<string> = new Set()

/**
 * Takes one step at a time for a name in this process. Calls waiting for the same name in the same lane are carried out
 * together: the last of many waits little longer than the first. If one of them is at fault, they are carried out one by
 * one, and only it fails.
 */
export function createBatches<Own extends Call>(joining: Joining<Own>): Batches<Own> {
  const { namesOf, laneOf, isOwnFault, carryOut } = joining
  const takeTurn = createTurns()
  /** By the lane and each of the names that it was made for. */
  const waiting = new Map<string, Batch<Own>>()

  function placesOf(names: readonly string[], call: Own): readonly string[] {
    const lane = laneOf(call)
    return lane === null ? [] : names.map((name) => `${lane}\0${name}`)
  }

  function openFor(names: readonly string[], call: Own): Batch<Own> | undefined {
    for (const place of placesOf(names, call)) {
      const open = waiting.get(place)
      if (open !== undefined && hasRoom(open, call)) return open
    }
    return undefined
  }

  function batchFor(owner: string, call: Own): Batch<Own> {
    const names = namesOf(owner, call)
    const open = waiting.size === 0 ? undefined : openFor(names, call)
    if (open !== undefined) {
      open.calls.push(call)
      for (const id of call.wants.ids) open.ids.add(id)
      return open
    }
    const turn = takeTurn(names)
    const calls = [call]
    // Most find nobody before them, and nobody joins them.
    if (turn.begun === null) return { calls, ids: NOBODYS, answers: carryOut(owner, calls), turn, alone: ALONE }
    const places = placesOf(names, call)
    const answers = turn.begun.then(() => {
      for (const place of places) if (waiting.get(place) === batch) waiting.delete(place)
      return carryOut(owner, calls)
    })
    const batch = { calls, ids: new Set(call.wants.ids), answers, turn, alone: ALONE }
    for (const place of places) waiting.set(place, batch)
    return batch
  }

  function carryOutAlone(batch: Batch<Own>, owner: string, call: Own): Promise<readonly Answering[]> {
    const answers = batch.alone.then(() => carryOut(owner, [call]))
    batch.alone = answers.catch(() => undefined)
    return answers
  }

  return {
    async enter(owner, call) {
      // It has left already, so nobody would end its turn.
      if (call.isOver) throw givenUp()
      const batch = batchFor(owner, call)
      call.carriedOut = batch
      try {
        return answerIn(await batch.answers, batch.calls.indexOf(call))
      } catch (error) {
        if (batch.calls.length === 1 || !isOwnFault(error)) throw error
        return answerIn(await carryOutAlone(batch, owner, call), 0)
      }
    },
    leave(call) {
      call.isOver = true
      const { carriedOut } = call
      if (carriedOut?.calls.every(({ isOver }) => isOver)) carriedOut.turn.end()
    },
  }
}

function answerIn(answers: readonly Answering[], index: number): Answering {
  const answer = answers[index]
  if (answer === undefined) throw new Error('a step was given no answer')
  return answer
}

function hasRoom({ ids }: Batch<Call>, { wants }: Call): boolean {
  return ids.size + wants.ids.filter((id) => !ids.has(id)).length <= MOST_TOKENS
}
