/** What came of the uses of tokens, those of revoked ones begun after the acknowledgement. */
export interface Report {
  /** How many uses of revoked tokens were decided, one way or the other; 503 decides nothing. */
  readonly checks: number
  /** Those of them that began and ended while something was wrong. */
  readonly checksAmidFaults: number
  /** Revoked tokens that were accepted: where, and how long after the acknowledgement. */
  readonly staleAccepts: readonly string[]
  /** Every answer that is neither the right one nor a 503 that a fault explains. */
  readonly wrongAnswers: readonly string[]
  /** How many answers were 503. */
  readonly unavailable: number
  /** How many revocations were acknowledged. */
  readonly revocations: number
  /** How long after each fault all processes served again, in milliseconds. */
  readonly recoveriesMs: readonly number[]
}

export interface Tally {
  readonly report: Report
  /** Judges the use of a token that is active. */
  countActive(use: Use): void
  /** Judges the use of a token whose revocation was acknowledged before. */
  countRevoked(use: Use & { readonly acknowledgedAt: number }): void
  countRevocation(): void
  /** Runs a fault; 503 is an answer while it lasts, and for the time that recovery may take. */
  during(fault: () => Promise<void>): Promise<void>
  countRecovery(ms: number): void
}

/** A use that is answered at this moment. */
export interface Use {
  readonly at: string
  readonly sentAt: number
  readonly status: number
}

/** How long after a fault service may be missing. */
export const RECOVERY_MS = 2_000

export function openTally(): Tally {
  const staleAccepts: string[] = []
  const wrongAnswers: string[] = []
  const recoveriesMs: number[] = []
  const report = { checks: 0, checksAmidFaults: 0, unavailable: 0, revocations: 0 }
  const faults: { readonly from: number; to: number }[] = []

  function countUnavailable({ at, sentAt }: Use): void {
    report.unavailable += 1
    const isExplained = faults.some(({ to }) => sentAt <= to + RECOVERY_MS)
    if (!isExplained) wrongAnswers.push(`${at} answered 503 though nothing was wrong`)
  }

  return {
    get report() {
      return { ...report, staleAccepts, wrongAnswers, recoveriesMs }
    },
    countActive(use) {
      if (use.status === 503) countUnavailable(use)
      else if (use.status !== 200) wrongAnswers.push(`${use.at} answered ${use.status} to an active token`)
    },
    countRevoked(use) {
      const { at, sentAt, status, acknowledgedAt } = use
      if (status === 503) return countUnavailable(use)
      report.checks += 1
      const now = performance.now()
      if (faults.some(({ from, to }) => from <= sentAt && now <= to)) report.checksAmidFaults += 1
      if (status === 200) staleAccepts.push(`${at}, ${(sentAt - acknowledgedAt).toFixed(1)} ms after`)
      else if (status !== 401) wrongAnswers.push(`${at} answered ${status} to a revoked token`)
    },
    countRevocation() {
      report.revocations += 1
    },
    async during(work) {
      const fault = { from: performance.now(), to: Number.POSITIVE_INFINITY }
      faults.push(fault)
      await work()
      fault.to = performance.now()
    },
    countRecovery: (ms) => void recoveriesMs.push(ms),
  }
}
