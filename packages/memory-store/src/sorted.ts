/** The number of first items in a sorted list. The test holds for all of them, and for none after them. */
export function countFirst<T>(sorted: readonly T[], comesFirst: (item: T) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (comesFirst(sorted[middle] as T)) low = middle + 1
    else high = middle
  }
  return low
}

/** Adds an item to a sorted list, after all that come before it. */
export function insertSorted<T>(sorted: T[], item: T, comesFirst: (other: T) => boolean): void {
  const last = sorted.at(-1)
  if (last === undefined || comesFirst(last)) sorted.push(item)
  else sorted.splice(countFirst(sorted, comesFirst), 0, item)
}
