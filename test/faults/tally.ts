import { isLongRun } from '../support/how-much.ts'
import { startStopwatch } from '../support/stopwatch.ts'

/** What came of the uses of tokens, those of ended ones begun after the acknowledgement. */
export interface Report {
  /** How many uses of ended tokens were decided, one way or the other; 503 decides nothing. */
  readonly checks: number
  /** Those of them that began and ended while something was wrong. */
  readonly checksAmidFaults: number
  /** Ended tokens that were accepted. */
  readonly staleAccepts: readonly StaleAccept[]
  /** Every answer that is neither the right one nor a 503 that a fault explains; few other 503s may be tolerated. */
  readonly wrongAnswers: readonly string[]
  /** How many answers were 503, explained or not. */
  readonly unavailable: number
  /** How many tokens were ended in each way, as far as it was acknowledged. */
  readonly endings: Readonly<Record<string, number>>
  /** How long after each fault all processes served again, by the stopwatch, in milliseconds. */
  readonly recoveriesMs: readonly number[]
}

export interface Tally {
  readonly report: Report
  /** Judges the use of a token that is active. */
  countActive(use: Use): void
  /** Judges the use of a token whose end was acknowledged before. */
  countEnded(use: Use, ended: Ended): void
  countEnding(by: string): void
  /** Runs a fault, and awaits that all processes serve. 503 is an answer till then, and for the time that it may take. */
  during(fault: () => Promise<void>, served: () => Promise<void>): Promise<void>
}

/** A use that is answered at this moment. */
export interface Use {
  readonly at: string
  readonly sentAt: number
  readonly status: number
}

/** How a token was ended, and when that was acknowledged. */
export interface Ended {
  readonly by: string
  readonly acknowledgedAt: number
}

export interface StaleAccept {
  readonly at: string
  readonly endedBy: string
  /** How long after the acknowledgement the use began. */
  readonly afterMs: number
}

/**
 * How long after a fault service may be missing, by the stopwatch. The long run holds it to the promise of 2 s. A run of all
 * tests shares a machine that may be slow, and only tells service that comes back from service that does not.
 */
export const RECOVERY_MS = isLongRun ? 2_000 : 10_000
const TOLERATED = 0.05

/**
 * @param tolerated The share of all uses that 503 may answer though no fault explains it. Default 0 in a long run, unless
 *   somebody waited for a processor half of the time: then no deadline means anything.
 */
export function openTally({ tolerated }: { readonly tolerated?: number } = {}): Tally {
  const staleAccepts: StaleAccept[] = []
  const wrongAnswers: string[] = []
  const unexplained: string[] = []
  const recoveriesMs: number[] = []
  const endings: Record<string, number> = {}
  const report = { checks: 0, checksAmidFaults: 0, unavailable: 0 }
  const faults: { readonly from: number; to: number; servedAt: number }[] = []
  const [openedAt, unstalledMs] = [performance.now(), startStopwatch()]
  let uses = 0

  function share(): number {
    if (tolerated !== undefined) return tolerated
    const isLoaded = unstalledMs() < (performance.now() - openedAt) / 2
    return isLongRun && !isLoaded ? 0 : TOLERATED
  }

  function countUnavailable({ at, sentAt }: Use): void {
    report.unavailable += 1
    const isExplained = faults.some(({ to, servedAt }) => sentAt <= Math.max(to + RECOVERY_MS, servedAt))
    if (!isExplained) unexplained.push(`${at} answered 503 though nothing was wrong`)
  }

  return {
    get report() {
      const many = unexplained.length > share() * uses ? unexplained : []
      return { ...report, endings, staleAccepts, wrongAnswers: [...wrongAnswers, ...many], recoveriesMs }
    },
    countActive(use) {
      uses += 1
      if (use.status === 503) countUnavailable(use)
      else if (use.status !== 200) wrongAnswers.push(`${use.at} answered ${use.status} to an active token`)
    },
    countEnded(use, { by, acknowledgedAt }) {
      const { at, sentAt, status } = use
      uses += 1
      if (status === 503) return countUnavailable(use)
      report.checks += 1
      const now = performance.now()
      if (faults.some(({ from, to }) => from <= sentAt && now <= to)) report.checksAmidFaults += 1
      if (status === 200) staleAccepts.push({ at, endedBy: by, afterMs: sentAt - acknowledgedAt })
      else if (status !== 401) wrongAnswers.push(`${at} answered ${status} after ${by}`)
    },
    countEnding(by) {
      endings[by] = (endings[by] ?? 0) + 1
    },
    async during(work, served) {
      const fault = { from: performance.now(), to: Number.POSITIVE_INFINITY, servedAt: Number.POSITIVE_INFINITY }
      faults.push(fault)
      await work()
      const recoveredAfter = startStopwatch()
      fault.to = performance.now()
      await served()
      fault.servedAt = performance.now()
      recoveriesMs.push(recoveredAfter())
    },
  }
}
