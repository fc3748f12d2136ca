/** The lives of servers, as their answers name them. */
export interface Histories {
  /**
   * @returns The history.
   * @throws Error for a standby
   */
  meet(history: string | null): string
  /**
   * Names the present history. It also changes if an answer came from another server than the one before. So a cache drops
   * everything read from an old primary, over another connection of the pool.
   */
  name(): string
}

export function createHistories(): Histories {
  let last: string | null = null
  let changes = 0
  return {
    meet(history) {
      if (history === null) throw new Error('the server is a standby, and answers an old state: connect to the primary')
      if (history !== last && last !== null) changes += 1
      last = history
      return history
    },
    name: () => `${last}.${changes}`,
  }
}
