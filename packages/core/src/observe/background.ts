/** Work in the background. No request waits for it, and `close()` does. */
export interface Background {
  run(work: Promise<unknown>): void
  /** Resolves once all work so far has ended, failed work too. */
  idle(): Promise<void>
}

export function createBackground(onError: (error: Error) => void): Background {
  const running = new Set<Promise<void>>()
  return {
    run(work) {
      const watched = work.then(() => undefined, onError).finally(() => running.delete(watched))
      running.add(watched)
    },
    async idle() {
      await Promise.all(running)
    },
  }
}
