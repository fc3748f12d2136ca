import type { RefusalReason } from '../token/verification.ts'

const EVERY_MS = 1_000

/** Lets one refusal a second through for each reason, so a flood of bad secrets does not flood the log as well. */
export interface RefusalThrottle {
  /** The number of refusals left out since the last one let through; `null` if this one is left out too. */
  pass(reason: ThrottledReason, at: number): number | null
}

type ThrottledReason = RefusalReason | 'reused_after_rotation'

interface Passed {
  at: number
  omitted: number
}

export function createRefusalThrottle(): RefusalThrottle {
  const lastPassed = new Map<ThrottledReason, Passed>()
  return {
    pass(reason, at) {
      const last = lastPassed.get(reason)
      if (last === undefined) {
        lastPassed.set(reason, { at, omitted: 0 })
        return 0
      }
      // A clock that was set back must not silence a reason until it has caught up.
      if (Math.abs(at - last.at) < EVERY_MS) {
        last.omitted += 1
        return null
      }
      const { omitted } = last
      last.at = at
      last.omitted = 0
      return omitted
    },
  }
}
