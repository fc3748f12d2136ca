/** What `prune` removes. */
export interface Retention {
  /** The caller's clock: the idempotency keys that have expired by then go. */
  readonly now: number
  /** Exclusive: the tokens that ended before this instant go. Never later than `now`. */
  readonly endedBefore: number
  /**
   * Set by schedules: of all calls that set it, one in this time prunes, and the others remove nothing. Left out, it is
   * pruned whatever others do. A store of a single process need not look at it.
   */
  readonly onceInMs?: number | undefined
}

/**
 * What a store checks before it prunes: a token must not go before it has ended.
 *
 * @throws RangeError
 */
export function checkRetention({ now, endedBefore }: Retention): void {
  if (!(endedBefore <= now)) throw new RangeError('prune: endedBefore must not be later than now')
}
