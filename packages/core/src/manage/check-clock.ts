import type { GuardedStore } from '../setup/guard-store.ts'
import type { Step } from '../steps/decision/decision.ts'
import { StoreError } from '../token/errors.ts'

/** Asks for the latest instant allowed by the store's own clock. */
const LATEST: Step<number | null> = {
  operation: 'read the clock of the store',
  wants: { ids: [], key: null },
  decide: ({ latest }) => ({ answer: latest ?? null }),
}

/**
 * Refuses an irreversible step to a process with a clock too far ahead of the store's. A clock behind revokes less, and
 * is no danger.
 *
 * @throws StoreError `clock_skew`
 */
export async function checkClock(store: Pick<GuardedStore, 'take'>, owner: string, now: number): Promise<void> {
  const latest = await store.take(owner, LATEST)
  if (latest === null || now <= latest) return
  const clocks = `it shows ${instantOf(now)}, and the store allows ${instantOf(latest)} at the latest`
  const why = `the clock of this process is ahead by ${now - latest} ms: ${clocks}; set it, or the option "now" of createTokens`
  throw new StoreError('revoke unused tokens', new RangeError(why), 'clock_skew')
}

function instantOf(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString()
}
