/** The middle of a row's figures, one from each round, and the bounds of the half of them around it. */
export interface Spread {
  readonly median: number
  readonly lower: number
  readonly upper: number
}

/** The quartiles. */
export function spreadOf(figures: readonly number[]): Spread {
  const [lower, median, upper] = [percentileOf(figures, 0.25), percentileOf(figures, 0.5), percentileOf(figures, 0.75)]
  return { median, lower, upper }
}

/** What such a share of the figures does not exceed, e.g. 0.99; between two figures as far as it lies. */
export function percentileOf(figures: readonly number[], share: number): number {
  if (figures.length === 0) throw new RangeError('a spread needs a figure')
  const sorted = [...figures].sort((one, other) => one - other)
  const place = share * (sorted.length - 1)
  const [below = Number.NaN, above = below] = sorted.slice(Math.floor(place), Math.floor(place) + 2)
  return below + (above - below) * (place % 1)
}
