import { COUNTED_SHARE } from '@tessera/core'

/** When to renew a lease, as a share of its length, and when to try again after a failure. */
const RENEWED_AFTER = 0.3
const TRIED_AGAIN_AFTER = 0.1

/** The clocks of the machine, in milliseconds. Never injected ones: the store waits by clocks of this kind. */
export interface Clocks {
  /** Nobody sets it. It may stand still while the machine is suspended. */
  readonly steady: () => number
  /** It goes on while the machine is suspended. */
  readonly wall: () => number
}

const MACHINE: Clocks = { steady: () => performance.now(), wall: () => Date.now() }

/** An instant, by both clocks. */
export type Instant = Readonly<Record<keyof Clocks, number>>

/** The time in which a cache may answer from memory. */
export interface Lease {
  /**
   * Whether it counts now. One that counts and is a third over is renewed behind. No timer does that: a cache that
   * nobody uses asks nothing.
   */
  counts(): boolean
  /** The instant before a reading. */
  begin(): Instant
  /** After the changes of a reading were applied, in the same turn. */
  extend(from: Instant, leaseMs: number): void
  /** After a reading failed, or was late: it extends nothing. */
  fail(): void
  lengthMs(): number
}

/** @param renew Begins a reading. */
export function createLease(renew: () => void, { steady, wall }: Clocks = MACHINE): Lease {
  let from: Instant = { steady: 0, wall: 0 }
  let lengthMs = 0
  let countedMs = 0
  let failedAt = Number.NEGATIVE_INFINITY
  let isReading = false

  return {
    counts() {
      const now = steady()
      const age = now - from.steady
      const wallAge = wall() - from.wall
      if (age >= countedMs || wallAge < 0 || wallAge >= countedMs) return false
      const isDue = age >= RENEWED_AFTER * lengthMs && now - failedAt >= TRIED_AGAIN_AFTER * lengthMs
      if (isDue && !isReading) {
        isReading = true
        renew()
      }
      return true
    },
    begin() {
      isReading = true
      return { steady: steady(), wall: wall() }
    },
    extend(begun, leaseMs) {
      isReading = false
      from = begun
      lengthMs = leaseMs
      countedMs = COUNTED_SHARE * leaseMs
    },
    fail() {
      isReading = false
      failedAt = steady()
    },
    lengthMs: () => lengthMs,
  }
}
