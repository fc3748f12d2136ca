/** A map with a bounded number of entries. Every step takes the same time at any size. */
export interface BoundedMap<Value> {
  readonly size: number
  has(key: string): boolean
  get(key: string): Value | undefined
  /**
   * Adds an entry under a new key.
   *
   * @returns The oldest value, if it was dropped to make room.
   */
  add(key: string, value: Value): Value | undefined
  delete(key: string): void
  /** In the order of their addition, also while entries come and go. */
  values(): Iterable<Value>
}

export function createBoundedMap<Value>(most: number): BoundedMap<Value> {
  const entries = new Map<string, Value>()
  let oldestFirst: Iterator<[string, Value]> | null = null

  // One iterator for all drops: each new one would walk again over the places of all that were dropped before.
  function dropOldest(): Value | undefined {
    oldestFirst ??= entries.entries()
    const { value: oldest, done } = oldestFirst.next()
    if (done === true) return undefined
    entries.delete(oldest[0])
    return oldest[1]
  }

  return {
    get size() {
      return entries.size
    },
    has: (key) => entries.has(key),
    get: (key) => entries.get(key),
    add(key, value) {
      const isFull = entries.size >= most
      // An iterator that stands still keeps every former table of the map in memory.
      if (!isFull) oldestFirst = null
      const dropped = isFull ? dropOldest() : undefined
      entries.set(key, value)
      return dropped
    },
    delete: (key) => void entries.delete(key),
    values: () => entries.values(),
  }
}
