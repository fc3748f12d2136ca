import type { TokenRecord } from './token.ts'

/** How many lines of makers a record names: the nearest. */
export const MOST_MAKERS = 32

/** The makers of what a token issues, the nearest first: its own line, then those that it comes from. */
export function makersBy({ line, makers }: Pick<TokenRecord, 'line' | 'makers'>): readonly string[] {
  return [line, ...makers].slice(0, MOST_MAKERS)
}

/**
 * Whether a token was made by a token of one of these lines, or by what those made. True also after the tokens in between
 * were pruned. A token is not of its own making, nor are its predecessors and successors.
 */
export function isMadeBy({ makers }: Pick<TokenRecord, 'makers'>, lines: readonly string[]): boolean {
  return makers.some((maker) => lines.includes(maker))
}
