import { createBackground } from './background.ts'
import type { TokenEvent } from './token-event.ts'

/** Hands events to a hook, off the path of the answers that they are about. */
export interface Delivery {
  add(event: TokenEvent): void
  /** Hands over what is left, and resolves when the hook is done with everything, whatever became of it. */
  settle(): Promise<void>
}

/**
 * The hook is called in the order in which the events were added, after those who wait for the answers have got them: a
 * microtask would come before. What it throws or rejects with goes to `onError`.
 */
export function createDelivery(hook: (event: TokenEvent) => unknown, onError: (error: Error) => void): Delivery {
  const background = createBackground(onError)
  let waiting: TokenEvent[] = []

  async function hand(event: TokenEvent): Promise<void> {
    try {
      await hook(event)
    } catch (thrown) {
      throw thrown instanceof Error ? thrown : new Error('createTokens: option "onEvent" threw', { cause: thrown })
    }
  }

  function handAll(): void {
    const events = waiting
    waiting = []
    for (const event of events) background.run(hand(event))
  }

  return {
    add(event) {
      if (waiting.push(event) === 1) setImmediate(handAll)
    },
    async settle() {
      handAll()
      await background.settle()
    },
  }
}
