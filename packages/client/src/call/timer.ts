/** The clock and the chance of a client, for tests. */
export interface Timer {
  /** In epoch milliseconds. */
  now(): number
  /** Resolves after the time, or as soon as the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>
  /** From 0 to below 1. */
  random(): number
}

/** The times that a timer can wait, in words. */
export const TIME = 'a whole number of milliseconds, 1 to 2,147,483,647'

export function isTime(ms: unknown): boolean {
  return Number.isInteger(ms) && Number(ms) >= 1 && Number(ms) <= 2_147_483_647
}

export const systemTimer: Timer = {
  now: Date.now,
  random: Math.random,
  wait: async (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const end = () => {
        clearTimeout(timeout)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timeout = setTimeout(end, ms)
      signal.addEventListener('abort', end)
    }),
}
