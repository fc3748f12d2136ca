/** What `prune` removes. */
export interface Retention {
  /** The caller's clock: the idempotency keys that have expired by then go. */
  readonly now: number
  /** Exclusive: the tokens that ended before this instant go. Never later than `now`. */
  readonly endedBefore: number
}

/**
 * What a store checks before it prunes: a token must not go before it has ended.
 *
 * @throws RangeError
 */
export function checkRetention({ now, endedBefore }: Retention): void {
  if (!(endedBefore <= now)) throw new RangeError('prune: endedBefore must not be later than now')
}
