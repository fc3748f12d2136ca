/** The middle of a row's figures, one from each round, and the bounds of the half of them around it. */
export interface Spread {
  readonly median: number
  readonly lower: number
  readonly upper: number
}

/** The quartiles; between two figures as far as they lie. */
export function spreadOf(figures: readonly number[]): Spread {
  if (figures.length === 0) throw new RangeError('a spread needs a figure')
  const sorted = [...figures].sort((one, other) => one - other)
  const at = (share: number) => {
    const place = share * (sorted.length - 1)
    const [below = Number.NaN, above = below] = sorted.slice(Math.floor(place), Math.floor(place) + 2)
    return below + (above - below) * (place % 1)
  }
  return { median: at(0.5), lower: at(0.25), upper: at(0.75) }
}
