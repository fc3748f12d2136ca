/** Processor time in milliseconds, by the part that took it, e.g. `client` and `server`. */
export type CpuTimes = Readonly<Record<string, number>>

/** What each part took of an operation that was done so many times between two readings. */
export function cpuBetween(before: CpuTimes, after: CpuTimes, times: number): CpuTimes {
  const took = Object.entries(after).map(([part, ms]) => [part, (ms - (before[part] ?? 0)) / times] as const)
  return Object.fromEntries(took)
}

export function totalOf(times: CpuTimes): number {
  return Object.values(times).reduce((total, ms) => total + ms, 0)
}
