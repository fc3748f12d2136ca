import type { Timer } from './timer.ts'

export interface Limits {
  readonly ms: number
  /** The reason for a rejection after that time. */
  readonly late: () => Error
  /** Ends it sooner. It rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined
  readonly timer: Timer
}

/** Runs with a signal for the end of the time. Rejects at that moment, even if `run` does not heed the signal. */
export async function within<Result>(limits: Limits, run: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const { ms, late, signal: outer, timer } = limits
  outer?.throwIfAborted()
  const time = new AbortController()
  const over = new AbortController()
  const follow = () => time.abort(outer?.reason)
  outer?.addEventListener('abort', follow)
  const aborted = new Promise<never>((_, reject) => {
    time.signal.addEventListener('abort', () => reject(time.signal.reason as Error))
  })
  void timer.wait(ms, over.signal).then(() => {
    if (!over.signal.aborted) time.abort(late())
  })
  try {
    return await Promise.race([aborted, run(time.signal)])
  } finally {
    over.abort()
    outer?.removeEventListener('abort', follow)
  }
}
