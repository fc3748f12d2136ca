/** Not more often, however many tokens end one after the other. */
const SHORTEST_WAIT_MS = 10
const LONGEST_WAIT_MS = 2_147_483_647

/** One timer for everything. It does not keep the process alive. Its instants are those of `performance.now()`. */
export interface Alarm {
  /** Rings at this instant, or earlier if it was set to. */
  by(at: number): void
  /** Rings at this instant, whatever was set before; never for an infinite one. */
  set(at: number): void
}

export function createAlarm(ring: () => void): Alarm {
  let timer: NodeJS.Timeout | undefined
  let ringsAt = Number.POSITIVE_INFINITY

  function ringNow(): void {
    ringsAt = Number.POSITIVE_INFINITY
    ring()
  }

  function set(at: number): void {
    clearTimeout(timer)
    ringsAt = at
    if (at === Number.POSITIVE_INFINITY) return
    const waitMs = Math.max(Math.ceil(at - performance.now()), SHORTEST_WAIT_MS)
    timer = setTimeout(ringNow, Math.min(waitMs, LONGEST_WAIT_MS)).unref()
  }

  return {
    set,
    by(at) {
      if (at < ringsAt) set(at)
    },
  }
}
