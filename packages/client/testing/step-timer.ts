import type { Timer } from '../src/call/timer.ts'

export interface StepTimer extends Timer {
  /** The pauses so far. They take no time, and move the clock. */
  readonly pauses: number[]
  /** Moves the clock, and ends the longer waits that are due. */
  pass(ms: number): void
  /** How many limits run: none once all calls have ended. */
  limits(): number
}

/** Waits up to this long are pauses; longer ones are limits, which end by `pass` only. */
const LONGEST_PAUSE_MS = 9_999

/** A clock that stands still, but for pauses between tries and for the test. */
export function stepTimer(random: () => number = () => 0.5): StepTimer {
  const pauses: number[] = []
  const limits = new Set<{ readonly due: number; readonly end: () => void }>()
  let now = Date.UTC(2026, 0, 1)

  async function wait(ms: number, signal: AbortSignal): Promise<void> {
    if (ms <= LONGEST_PAUSE_MS) {
      pauses.push(ms)
      now += ms
      return
    }
    await new Promise<void>((resolve) => {
      const limit = { due: now + ms, end: resolve }
      limits.add(limit)
      signal.addEventListener('abort', () => {
        limits.delete(limit)
        resolve()
      })
    })
  }

  function pass(ms: number): void {
    now += ms
    for (const { due, end } of limits) if (due <= now) end()
  }

  return { now: () => now, wait, random, pauses, pass, limits: () => limits.size }
}
