/** What a ratio is to reach. Nothing fails when it does not: the table says so. */
export interface Target {
  readonly text: string
  isReached(ratio: number): boolean
}

export function atMost(limit: number): Target {
  return { text: `≤ ${limit} ×`, isReached: (ratio) => ratio <= limit }
}

export function atLeast(limit: number): Target {
  return { text: `≥ ${limit} ×`, isReached: (ratio) => ratio >= limit }
}

/** For rows of others that are measured in `time`: the base, which is ours, takes less. */
export const baseIsAhead: Target = { text: '> 1 ×', isReached: (ratio) => ratio > 1 }
