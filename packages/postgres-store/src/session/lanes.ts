/** Work in line for a lane. */
export interface Place {
  /** Resolves once the work may begin. Never, if it was left before. */
  readonly begun: Promise<void>
  /** Gives the lane, or the place in line, to others. Calling it again changes nothing. */
  leave(): void
}

export interface Lanes {
  /**
   * @param thing Work on the same thing follows each other; `null` for work that may be beside any other.
   * @param isQuick Whether it waits for no work on other things. It needs no lane then, only its turn.
   */
  queue(thing: string | null, isQuick: boolean): Place
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

interface Waiting {
  readonly thing: string | null
  readonly isQuick: boolean
  readonly begin: () => void
}

/** First come, first served, but for work on a thing that has its turn. */
function createLanes(count: number): Lanes {
  const waiting = new Set<Waiting>()
  const inLane = new Set<Waiting>()
  const busy = new Set<string>()

  function beginNext(): void {
    for (const work of waiting) {
      if ((!work.isQuick && inLane.size === count) || (work.thing !== null && busy.has(work.thing))) continue
      waiting.delete(work)
      if (!work.isQuick) inLane.add(work)
      if (work.thing !== null) busy.add(work.thing)
      work.begin()
    }
  }

  return {
    queue(thing, isQuick) {
      let begin = (): void => {}
      const begun = new Promise<void>((resolve) => {
        begin = resolve
      })
      const work = { thing, isQuick, begin }
      let isLeft = false
      waiting.add(work)
      beginNext()
      return {
        begun,
        leave() {
          if (isLeft) return
          isLeft = true
          inLane.delete(work)
          if (!waiting.delete(work) && thing !== null) busy.delete(thing)
          beginNext()
        },
      }
    },
  }
}
