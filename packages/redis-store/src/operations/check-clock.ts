import { StoreError } from '@tessera/core'
import { timeIn } from '../connection/server-clocks.ts'
import type { Session } from '../connection/session.ts'

/**
 * Refuses an irreversible step to a caller with a clock too far ahead of Redis' own. A clock behind removes and revokes
 * less, and is no danger.
 */
export async function checkClock(
  { operate, send, clockToleranceMs }: Pick<Session, 'operate' | 'send' | 'clockToleranceMs'>,
  operation: string,
  now: number,
): Promise<void> {
  const shown = Math.floor(await operate(operation, async () => timeIn(await send('time', []))))
  const aheadMs = now - shown
  if (aheadMs <= clockToleranceMs) return
  const clocks = `it shows ${instantOf(now)} and Redis ${instantOf(shown)}`
  const mend = 'set the clock or the option "now" of createTokens, or else clockToleranceMs of redisStore'
  const why = `the clock of this process is ${aheadMs} ms ahead of Redis, more than ${clockToleranceMs}: ${clocks}; ${mend}`
  throw new StoreError(operation, new RangeError(why), 'clock_skew')
}

function instantOf(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString()
}
