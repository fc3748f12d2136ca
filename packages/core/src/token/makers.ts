import type { TokenRecord } from './token.ts'

/** How many lines of makers a record names: half of them the nearest, half the first. */
const MOST_MAKERS = 32

/**
 * The makers of what a token issues, the nearest first: its own line, then those that it comes from. Of too many, one in the
 * middle is left out: a thief with a stolen token would make a long row, and so be rid of its name.
 */
export function makersBy({ line, makers }: Pick<TokenRecord, 'line' | 'makers'>): readonly string[] {
  const all = [line, ...makers]
  return all.length <= MOST_MAKERS ? all : all.toSpliced(MOST_MAKERS / 2, 1)
}

/** Whether all that a token makes, and what that makes in turn, names its line: it is one of the first, which stay. */
export function isNamedByAll({ makers }: Pick<TokenRecord, 'makers'>): boolean {
  return makers.length < MOST_MAKERS / 2
}

/** The line of a token that names as many makers as it can: what it makes may leave out one of these, but not its line. */
export function lineInPlaceOfMakers({ line, makers }: Pick<TokenRecord, 'line' | 'makers'>): string | null {
  return makers.length < MOST_MAKERS ? null : line
}

/**
 * Whether a token was made by a token of one of these lines, or by what those made. True also after the tokens in between
 * were pruned. A token is not of its own making, nor are its predecessors and successors.
 */
export function isMadeBy({ makers }: Pick<TokenRecord, 'makers'>, lines: readonly string[]): boolean {
  return makers.some((maker) => lines.includes(maker))
}
