/** Lets many pass at once, or one go alone. */
export interface Gate {
  pass<Result>(run: () => Promise<Result>): Promise<Result>
  /** Waits for those inside. Those that come meanwhile wait for its end. */
  alone<Result>(run: () => Promise<Result>): Promise<Result>
}

export function createGate(): Gate {
  const inside = new Set<Promise<void>>()
  /** Resolves once the last of those alone has ended. */
  let free: Promise<void> = Promise.resolve()

  async function pass<Result>(run: () => Promise<Result>): Promise<Result> {
    await free
    const running = run()
    const ended = endOf(running)
    inside.add(ended)
    void ended.then(() => inside.delete(ended))
    return running
  }

  async function alone<Result>(run: () => Promise<Result>): Promise<Result> {
    const running = free.then(async () => Promise.all(inside)).then(run)
    free = endOf(running)
    return running
  }

  return { pass, alone }
}

async function endOf(running: Promise<unknown>): Promise<void> {
  await running.catch(() => {})
}
