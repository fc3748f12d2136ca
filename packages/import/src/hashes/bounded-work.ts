import { StoreError } from '@tessera/core'

const OPERATION = 'check a slow hash'

/** Work that costs a lot, a few pieces at a time. */
export interface BoundedWork {
  /**
   * The answer of the work. The same work at the same moment is done once. Of one subject a single piece runs at a time, and
   * subjects take turns: many pieces of one hold up no other.
   *
   * @throws StoreError if too many wait already, and if the work fails
   */
  run(subject: string, piece: string, work: () => Promise<boolean>): Promise<boolean>
}

/** How many pieces of one subject wait for its turn. */
const MOST_OF_ONE = 5

/** @param waiting How many subjects may wait beside the running ones. */
export function createBoundedWork({ atOnce, waiting }: { atOnce: number; waiting: number }): BoundedWork {
  const running = new Map<string, Promise<boolean>>()
  /** By subject, from its first piece to the end of its last one: the pieces that wait. */
  const starts = new Map<string, (() => void)[]>()
  /** Subjects that wait for a turn, each once. */
  const queue: string[] = []
  let free = atOnce

  function giveTurns(): void {
    for (; free > 0 && queue.length > 0; free -= 1) starts.get(queue.shift() ?? '')?.shift()?.()
  }

  function enter(subject: string): Promise<void> {
    const others = starts.get(subject)
    if (others === undefined ? free === 0 && queue.length >= waiting : others.length >= MOST_OF_ONE)
      return Promise.reject(tooMany(others?.length ?? waiting))
    return new Promise((start) => {
      if (others !== undefined) return others.push(start)
      starts.set(subject, [start])
      queue.push(subject)
      giveTurns()
    })
  }

  function leave(subject: string): void {
    free += 1
    if (starts.get(subject)?.length === 0) starts.delete(subject)
    else queue.push(subject)
    giveTurns()
  }

  async function inTurn(subject: string, work: () => Promise<boolean>): Promise<boolean> {
    await enter(subject)
    try {
      return await work()
    } catch (error) {
      throw new StoreError(OPERATION, error)
    } finally {
      leave(subject)
    }
  }

  return {
    run(subject, piece, work) {
      const key = JSON.stringify([subject, piece])
      const same = running.get(key)
      if (same !== undefined) return same
      const answer = inTurn(subject, work).finally(() => running.delete(key))
      running.set(key, answer)
      return answer
    },
  }
}

function tooMany(waiting: number): StoreError {
  return new StoreError(OPERATION, new Error(`${waiting} wait already: see the option slowHashes`))
}
