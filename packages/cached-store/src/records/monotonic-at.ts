import { systemClock } from '@tessera/core'

/**
 * Reads a monotonic clock for a hit at an instant of `now`. With the system's clock it is read once for each
 * millisecond: reading it for each hit would make hits slower by a tenth. An injected clock may stand still.
 */
export function monotonicAt(monotonicNow: () => number, now: () => number): (at: number) => number {
  if (now !== systemClock) return monotonicNow
  let [readAt, reading] = [Number.NaN, 0]
  return (at) => {
    if (at !== readAt) [readAt, reading] = [at, monotonicNow()]
    return reading
  }
}
