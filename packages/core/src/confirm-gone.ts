import { StoreError } from './errors.ts'
import { shardOf } from './secret.ts'
import type { TokenStore } from './store.ts'
import type { TokenRecord } from './token.ts'

/**
 * Confirms that a token is gone that the store found before, and not by its id for a change: one that was pruned between.
 *
 * @param digests What it may be kept under by now.
 * @throws StoreError if the store still finds it by its digest: nothing was changed, and the token may be accepted
 */
export async function confirmGone(
  store: Pick<TokenStore, 'findByDigest'>,
  { owner }: TokenRecord,
  digests: readonly string[],
  operation: string,
): Promise<void> {
  if ((await store.findByDigest(digests, shardOf(owner))) === null) return
  throw new StoreError(operation, new Error('the token is found by its digest, and not by its id'))
}
