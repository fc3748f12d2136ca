import type { TestContext } from 'vitest'
import { RECOVERY_MS } from './tally.ts'

/** What a process made of a token whose revocation was acknowledged before, while something failed. */
export interface Outcome {
  readonly scenario: string
  readonly process: string
  /** How many uses began after the acknowledgement. */
  readonly uses: number
  readonly accepted: number
  /** How long after the acknowledgement the last use that was accepted began. */
  readonly lastAcceptedMs: number | null
  /** How many were answered with an error. */
  readonly unavailable: number
  /** How long after the fault, or the promotion, an active token was accepted; `null` if that was not seen. */
  readonly backAfterMs: number | null
}

declare module 'vitest' {
  interface TaskMeta {
    /** For the table that a long run ends with. */
    outcomes?: readonly Outcome[]
  }
}

/** Keeps what a test saw for the table. */
export function addOutcomes(task: TestContext['task'], outcomes: readonly Outcome[]): void {
  task.meta.outcomes = [...(task.meta.outcomes ?? []), ...outcomes]
}

/** Expects that no use of a revoked token was accepted, and that service was back in time. */
export function expectPromiseKept(
  { task, expect }: TestContext,
  outcomes: readonly Outcome[],
  { isBack = true } = {},
): void {
  addOutcomes(task, outcomes)
  for (const outcome of outcomes) {
    const { scenario, process, uses, accepted, backAfterMs } = outcome
    const where = `${scenario}: ${process}`
    expect.soft(accepted, `${where} accepted ${accepted} of ${uses} uses of a revoked token`).toBe(0)
    if (isBack) {
      expect.soft(backAfterMs ?? Infinity, `${where} served again after ${backAfterMs} ms`).toBeLessThan(RECOVERY_MS)
    }
  }
}

/** One outcome for each process, of several rounds of a scenario. */
export function addUp(rounds: readonly (readonly Outcome[])[]): readonly Outcome[] {
  const [first = [], ...others] = rounds
  return others.reduce((sums, round) => sums.map((sum, index) => add(sum, round[index] ?? sum)), first)
}

function add(sum: Outcome, outcome: Outcome): Outcome {
  return {
    ...sum,
    uses: sum.uses + outcome.uses,
    accepted: sum.accepted + outcome.accepted,
    unavailable: sum.unavailable + outcome.unavailable,
    lastAcceptedMs: outcome.lastAcceptedMs ?? sum.lastAcceptedMs,
    backAfterMs: outcome.backAfterMs ?? sum.backAfterMs,
  }
}
