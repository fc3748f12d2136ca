import { setTimeout as sleep } from 'node:timers/promises'
import type { Decision } from '../steps/decision/decision.ts'
import type { TokenStore } from './store.ts'

/** A cache counts on this share of a lease, from before its reading began. */
export const COUNTED_SHARE = 0.9
/** A change waits for this share, from its reply on. So clocks may differ by a tenth each way. */
const AWAITED_SHARE = 1.1

/** The steady clock of the machine, in milliseconds, and a wait by it. Never an injected clock. */
export interface SteadyClock {
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<unknown>
}

const MACHINE: SteadyClock = { now: () => performance.now(), sleep }

/** A store's side of leases. */
export interface Leases {
  /** The longest lease that a cache may hold, as far as this process knows; 0 if it knows of none. It never falls. */
  longestMs(): number
  /** Takes in the length kept beside the feed, as a change or a reading has found it. */
  meet(keptMs: number): void
  /**
   * The same change. One that announces resolves later: once no cache counts on a lease older than the announcement. The
   * wait is no part of the operation, and of no deadline.
   *
   * @param change Resolves after the reply to its announcement, and after `meet` was called with the length found by it.
   */
  waiting(change: TokenStore['change']): TokenStore['change']
}

/**
 * For authors of stores: leases by which a cache answers without asking the store.
 *
 * @param ownMs The store's option `leaseMs`, see {@link leaseRule}; left out, the store only waits for leases of others.
 */
export function createLeases(ownMs = 0, { now, sleep: wait }: SteadyClock = MACHINE): Leases {
  let longest = ownMs

  async function untilOver(): Promise<void> {
    const endAt = now() + AWAITED_SHARE * longest
    // A timer may be early by a fraction.
    for (let left = endAt - now(); left > 0; left = endAt - now()) await wait(Math.ceil(left))
  }

  return {
    longestMs: () => longest,
    meet(keptMs) {
      if (keptMs > longest) longest = keptMs
    },
    waiting(change) {
      return async (owner, wants, decide) => {
        let isAnnounced = false
        const answer = await change(owner, wants, (seen) => {
          const decision = decide(seen)
          isAnnounced ||= announces(decision)
          return decision
        })
        if (isAnnounced && wants.unacknowledged !== true) await untilOver()
        return answer
      }
    },
  }
}

function announces({ announce = [] }: Decision<unknown>): boolean {
  return announce.length > 0
}
