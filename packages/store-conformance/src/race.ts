import type { TokenStore } from '@tessera/core'

/** What one contender does, with the handle it was given. */
export type Contender<T> = (store: TokenStore) => Promise<T>

/**
 * Holds everyone who arrives until `expected` have, and lets them go in the same turn of the event loop.
 */
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
export function race<T>(handles: readonly TokenStore[], contenders: readonly Contender<T>[]): Promise<T[]> {
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

/** `count` contenders that do the same, each with its number. */
export function crowd<T>(count: number, contend: (store: TokenStore, number: number) => Promise<T>): Contender<T>[] {
  return Array.from({ length: count }, (_, number) => (store) => contend(store, number))
}
