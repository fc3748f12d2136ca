/** Work that no request waits for, and that `close()` does. */
export interface Background {
  run(work: Promise<unknown>): void
  /** Resolves when all work so far has ended, whatever became of it. */
  settle(): Promise<void>
}

export function createBackground(onError: (error: Error) => void): Background {
  const running = new Set<Promise<void>>()
  return {
    run(work) {
      const watched = work.then(() => undefined, onError).finally(() => running.delete(watched))
      running.add(watched)
    },
    async settle() {
      await Promise.all(running)
    },
  }
}
