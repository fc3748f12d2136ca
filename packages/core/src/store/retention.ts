/** The rows to prune. */
export interface Retention {
  /** The prefixes of an API: tokens of other prefixes stay. */
  readonly prefixes: readonly string[]
  /** The caller's clock: idempotency keys expired by then go, of any API. */
  readonly now: number
  /** Exclusive: tokens ended before this instant go. Never later than `now`. */
  readonly endedBefore: number
  /**
   * Set by schedules: of all calls with it and the same first prefix, one in this time prunes, and the others remove
   * nothing. Left out, the call always prunes. A store of a single process need not look at it.
   */
  readonly onceInMs?: number | undefined
}

/**
 * A store's check before it prunes: a token must not go before it has ended.
 *
 * @throws RangeError
 */
export function checkRetention({ now, endedBefore }: Pick<Retention, 'now' | 'endedBefore'>): void {
  if (!(endedBefore <= now)) throw new RangeError('prune: endedBefore must not be later than now')
}
