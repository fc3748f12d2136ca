import { setTimeout as wait } from 'node:timers/promises'
import { startStopwatch } from '../../support/stopwatch.ts'
import type { Process } from './processes.ts'

const PACE_MS = 10

/** How long, by the stopwatch, it takes each process to accept an active token again; `null` for one that does not. */
export function timeService(
  processes: readonly Process[],
  secret: string,
  afterMs = startStopwatch(),
  atMostMs = 10_000,
): Promise<readonly (number | null)[]> {
  async function time(process: Process): Promise<number | null> {
    const verification = await process.tokens.verify(secret).catch(() => null)
    if (verification?.ok === true) return afterMs()
    if (afterMs() > atMostMs) return null
    await wait(PACE_MS)
    return time(process)
  }

  return Promise.all(processes.map(time))
}
