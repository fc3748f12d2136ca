/** Gives work on some things its turn. */
export type TakeTurn = (things: readonly string[]) => Turn

export interface Turn {
  /** Resolves once all earlier work on any of the things is over; `null` if there is none. */
  readonly begun: Promise<unknown> | null
  /** Says that the work is over. Calling it again changes nothing. */
  end(): void
}

/** Nobody waits for most work, so its promise is made for the first who does. */
interface Ending {
  over: Promise<void> | null
  resolve: (() => void) | null
}

/**
 * Lets work on the same things follow each other. Of two steps of this process for one token, the later would only be shown
 * records about to be replaced by the earlier.
 */
export function createTurns(): TakeTurn {
  const latest = new Map<string, Ending>()

  return (things) => {
    const ending: Ending = { over: null, resolve: null }
    let earlier: Promise<void>[] | null = null
    for (const thing of things) {
      const former = latest.get(thing)
      if (former !== undefined) (earlier ??= []).push(endOf(former))
    }
    for (const thing of things) latest.set(thing, ending)
    return {
      begun: earlier === null ? null : Promise.all(earlier),
      end() {
        for (const thing of things) if (latest.get(thing) === ending) latest.delete(thing)
        ending.resolve?.()
      },
    }
  }
}

function endOf(ending: Ending): Promise<void> {
  ending.over ??= new Promise<void>((resolve) => {
    ending.resolve = resolve
  })
  return ending.over
}
