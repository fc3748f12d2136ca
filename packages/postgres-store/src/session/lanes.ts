/** Work in line for a lane. */
export interface Place {
  /** Resolves once the work may begin. Never, if it was left before. */
  readonly begun: Promise<void>
  /** Gives the lane, or the place in line, to others. Calling it again changes nothing. */
  leave(): void
}

export interface Lanes {
  queue(): Place
}

/** So many changes of a process are under way in a pool at most, each with one connection at a time. Inserts do not count. */
const LANES = 3

const lanes = new WeakMap<object, Lanes>()

/**
 * The lanes of a pool, for all stores on it. Changes wait for each other in the server anyway, and a waiting one holds a
 * connection. Verifications need that.
 */
export function lanesOf(pool: object): Lanes {
  const known = lanes.get(pool)
  if (known !== undefined) return known
  const created = createLanes(LANES)
  lanes.set(pool, created)
  return created
}

/** First come, first served. */
function createLanes(count: number): Lanes {
  const waiting = new Set<() => void>()
  let free = count

  function beginNext(): void {
    for (const begin of waiting) {
      if (free === 0) return
      free -= 1
      waiting.delete(begin)
      begin()
    }
  }

  return {
    queue() {
      let begin = (): void => {}
      const begun = new Promise<void>((resolve) => {
        begin = resolve
      })
      let isLeft = false
      waiting.add(begin)
      beginNext()
      return {
        begun,
        leave() {
          if (isLeft) return
          isLeft = true
          if (!waiting.delete(begin)) free += 1
          beginNext()
        },
      }
    },
  }
}
