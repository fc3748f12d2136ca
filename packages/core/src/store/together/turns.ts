/** Gives work on some things its turn. */
export type TakeTurn = (things: readonly string[]) => Turn

export interface Turn {
  /** Resolves once all earlier work on any of the things is over; `null` if there is none. */
  readonly begun: Promise<unknown> | null
  /** Says that the work is over. Calling it again changes nothing. */
  end(): void
}

interface Ending {
  /** Resolves once the work is over. */
  wait(): Promise<void>
  end(): void
}

/**
 * Lets work on the same things follow each other. Of two steps of this process for one token, the later would only be shown
 * records about to be replaced by the earlier.
 */
export function createTurns(): TakeTurn {
  const latest = new Map<string, Ending>()

  return (things) => {
    const ending = createEnding()
    const earlier: Promise<void>[] = []
    for (const thing of things) {
      const former = latest.get(thing)
      if (former !== undefined) earlier.push(former.wait())
    }
    for (const thing of things) latest.set(thing, ending)
    return {
      begun: earlier.length === 0 ? null : Promise.all(earlier),
      end() {
        for (const thing of things) if (latest.get(thing) === ending) latest.delete(thing)
        ending.end()
      },
    }
  }
}

/** Nobody waits for most work, so its promise is made for the first who does. */
function createEnding(): Ending {
  let over: Promise<void> | null = null
  let resolve = (): void => {}
  return {
    wait() {
      over ??= new Promise<void>((ended) => {
        resolve = ended
      })
      return over
    },
    end: () => resolve(),
  }
}
