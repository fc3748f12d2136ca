import { StoreError } from '../token/errors.ts'
import { shardOf } from '../token/secret/secret.ts'
import type { TokenRecord } from '../token/token.ts'
import type { TokenStore } from './store.ts'

/**
 * Confirms that a token is gone, after the store found it by its digest and not by its id: it was pruned in between.
 *
 * @param digests The digests it may have by now.
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
