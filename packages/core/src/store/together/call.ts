import type { Step } from '../../steps/decision/decision.ts'
import type { Turn } from './turns.ts'

/** A step as the caller of `change` gave it. */
export type Deciding = Pick<Step<unknown>, 'wants' | 'decide'>

/** Returns a step's answer, or throws what its decision threw. */
export type Answering = () => unknown

/** A call of `change`. */
export interface Call extends Deciding {
  /** By this process' monotonic clock. */
  readonly giveUpAt: number
  /** Whether its caller has an answer or a failure by now. */
  isOver: boolean
  /** Set once it is carried out, see `createBatches`. A `WeakMap` by call would take a fifth of the time of a change. */
  carriedOut?: { readonly calls: readonly Call[]; readonly turn: Turn }
}

/** The error of a step whose callers are all over. */
export function givenUp(): Error {
  return new Error('the step was given up')
}

/** After the last caller gave up, nothing more is written. */
export function checkAwaited(calls: readonly Call[]): void {
  if (calls.every(({ isOver }) => isOver)) throw givenUp()
}

/** When the first of the callers who still wait gives up. */
export function earliestEnd(calls: readonly Call[]): number {
  return Math.min(...calls.filter(({ isOver }) => !isOver).map(({ giveUpAt }) => giveUpAt))
}
