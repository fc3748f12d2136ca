import type { Event } from './questions.ts'
import type { Change, World } from './world.ts'

export type RevokerStep = 'write the record' | 'announce' | 'acknowledge'

/** Someone who revokes the token step by step. */
export interface Revoker {
  /** Nothing when it is done. */
  events(): readonly Event[]
  hasAcknowledged(): boolean
}

export function createRevoker(world: World, steps: readonly RevokerStep[], change: Change): Revoker {
  let taken = 0
  let acknowledged = false

  const does: Readonly<Record<RevokerStep, Event>> = {
    'write the record': () => world.revokeRecord(),
    announce: () => world.announce(change),
    acknowledge() {
      acknowledged = true
    },
  }

  return {
    events() {
      const step = steps[taken]
      if (step === undefined) return []
      const take: Event = () => {
        taken += 1
        does[step]()
      }
      return [take]
    },
    hasAcknowledged: () => acknowledged,
  }
}
