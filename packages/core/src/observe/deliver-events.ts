import { createBackground } from './background.ts'
import type { BackgroundOptions } from './background.ts'
import { publishEvent } from './diagnostics.ts'
import type { TokenEvent } from './token-event.ts'

/** Hands events to a hook, off the path of the answers. */
export interface Delivery {
  add(event: TokenEvent): void
  /** The same. Resolves once the hook is done with the event, with whether it took it. */
  handed(event: TokenEvent): Promise<boolean>
  /** Hands over the remaining events, and resolves once the hook is done with all of them, failed ones too. */
  delivered(): Promise<void>
  /** How many events the hook is not done with. */
  pending(): number
}

interface Waiting {
  readonly event: TokenEvent
  readonly settle?: (isDone: boolean) => void
}

export interface DeliveryOptions extends BackgroundOptions {
  readonly hook: ((event: TokenEvent) => unknown) | undefined
  /** The API, for the channel. */
  readonly prefix: string
}

/**
 * Publishes the events on their channel, and calls the hook in the order of the events, after the callers have got their answers: a microtask would come before.
 * The hook's failures go to `onError`.
 */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { hook, prefix } = options
  const background = createBackground({ ...options, waitUntil: () => {} })
  let waiting: Waiting[] = []

  async function hand(event: TokenEvent): Promise<void> {
    publishEvent(prefix, event)
    try {
      await hook?.(event)
    } catch (thrown) {
      throw thrown instanceof Error ? thrown : new Error('createTokens: option "onEvent" threw', { cause: thrown })
    }
  }

  function handAll(): void {
    const events = waiting
    waiting = []
    for (const { event, settle } of events) {
      const handing = hand(event)
      background.run(handing)
      if (settle !== undefined)
        handing.then(
          () => settle(true),
          () => settle(false),
        )
    }
  }

  function delivered(): Promise<void> {
    handAll()
    return background.idle()
  }

  function wait(next: Waiting): void {
    if (waiting.push(next) > 1) return
    options.waitUntil(new Promise<void>((resolve) => setImmediate(() => resolve(delivered()))))
  }

  return {
    add: (event) => wait({ event }),
    handed: (event) => new Promise((settle) => wait({ event, settle })),
    delivered,
    pending: () => waiting.length + background.pending(),
  }
}
