/** A number of times in each period. */
export interface Allowance {
  /** Takes one, if there is one left in the period of `at`. */
  take(at: number): boolean
  /** Leaves none for the rest of the period. */
  exhaust(): void
}

/** A period begins with the first time taken after the end of the last one, or if the clock was set back. */
export function createAllowance(most: number, periodMs: number): Allowance {
  let since = Number.NEGATIVE_INFINITY
  let left = 0
  return {
    take(at) {
      if (at - since >= periodMs || at < since) {
        since = at
        left = most
      }
      if (left === 0) return false
      left -= 1
      return true
    },
    exhaust() {
      left = 0
    },
  }
}
