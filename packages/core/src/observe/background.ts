/** Work in the background. No request waits for it, and `close()` does. */
export interface Background {
  run(work: Promise<unknown>): void
  /** Resolves once all work so far has ended, failed work too. */
  idle(): Promise<void>
  /** How many works have not ended. */
  pending(): number
}

export interface BackgroundOptions {
  readonly onError: (error: Error) => void
  /** Gets each work as a promise that never rejects: the process is not to be frozen before. */
  readonly waitUntil: (work: Promise<unknown>) => void
}

export function createBackground({ onError, waitUntil }: BackgroundOptions): Background {
  const running = new Set<Promise<void>>()
  return {
    run(work) {
      const watched = work.then(() => undefined, onError).finally(() => running.delete(watched))
      running.add(watched)
      waitUntil(watched)
    },
    async idle() {
      await Promise.all(running)
    },
    pending: () => running.size,
  }
}
