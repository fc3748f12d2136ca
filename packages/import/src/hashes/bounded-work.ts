import { StoreError } from '@tessera/core'

const OPERATION = 'check a slow hash'

/** Work that costs a lot, a few pieces at a time. */
export interface BoundedWork {
  /**
   * The answer of the work. The same work at the same moment is done once.
   *
   * @throws StoreError if too many wait already, and if the work fails
   */
  run(key: string, work: () => Promise<boolean>): Promise<boolean>
}

/** @param waiting How many pieces may wait beside the running ones. */
export function createBoundedWork({ atOnce, waiting }: { atOnce: number; waiting: number }): BoundedWork {
  const running = new Map<string, Promise<boolean>>()
  const queue: (() => void)[] = []
  let free = atOnce

  async function inTurn(work: () => Promise<boolean>): Promise<boolean> {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => queue.push(resolve))
    try {
      return await work()
    } catch (error) {
      throw new StoreError(OPERATION, error)
    } finally {
      const next = queue.shift()
      if (next === undefined) free += 1
      else next()
    }
  }

  return {
    run(key, work) {
      const same = running.get(key)
      if (same !== undefined) return same
      if (free === 0 && queue.length >= waiting) return Promise.reject(tooMany(waiting))
      const answer = inTurn(work).finally(() => running.delete(key))
      running.set(key, answer)
      return answer
    },
  }
}

function tooMany(waiting: number): StoreError {
  return new StoreError(OPERATION, new Error(`${waiting} wait already: see the option slowHashes`))
}
