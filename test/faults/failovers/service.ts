import { setTimeout as wait } from 'node:timers/promises'
import type { Process } from './processes.ts'

const PACE_MS = 10

/** How long after `since` each process accepts an active token again, in milliseconds; `null` for one that does not. */
export function timeService(
  processes: readonly Process[],
  secret: string,
  since: number,
  atMostMs = 10_000,
): Promise<readonly (number | null)[]> {
  const giveUpAt = since + atMostMs

  async function time(process: Process): Promise<number | null> {
    const verification = await process.tokens.verify(secret).catch(() => null)
    if (verification?.ok === true) return performance.now() - since
    if (performance.now() > giveUpAt) return null
    await wait(PACE_MS)
    return time(process)
  }

  return Promise.all(processes.map(time))
}
