import type { StepsOnStore } from '../steps/steps-on.ts'

/** The work of one contender, with a handle of its own. */
export type Contender<T> = (store: StepsOnStore) => Promise<T>

/** Stops every arrival until `expected` are there, and lets them go in the same turn of the event loop. */
export function arrivalGate(expected: number): () => Promise<void> {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  let arrived = 0
  return () => {
    arrived += 1
    if (arrived === expected) open()
    return opened
  }
}

/**
 * Starts all contenders at the same moment, spread over the handles by turns.
 *
 * @returns Their answers, in the order of the contenders.
 */
export function race<T>(handles: readonly StepsOnStore[], contenders: readonly Contender<T>[]): Promise<T[]> {
  const arrive = arrivalGate(contenders.length)
  return Promise.all(
    contenders.map(async (contend, index) => {
      const handle = handles[index % handles.length]
      if (handle === undefined) throw new RangeError('race: there is no handle')
      await arrive()
      return contend(handle)
    }),
  )
}

/** `count` contenders with the same work, each with its number. */
export function crowd<T>(count: number, contend: (store: StepsOnStore, number: number) => Promise<T>): Contender<T>[] {
  return Array.from({ length: count }, (_, number) => (store) => contend(store, number))
}
