import type { TokenRecord } from '@tessera/core'
import type { StepsOnStore } from '../steps/steps-on.ts'
import type { Stage } from './store-under-test.ts'

export type TokenName = Pick<TokenRecord, 'owner' | 'id'>

/** Finds a token like a verification by id: with `find` in a store without a cache. */
export async function tokenIn(store: StepsOnStore, { owner, id }: TokenName): Promise<TokenRecord | null> {
  return store.cache === undefined ? store.find(owner, id) : store.cache.findToken(owner, id)
}

/** The token found by each handle. */
export async function tokensIn(
  handles: readonly StepsOnStore[],
  token: TokenName,
): Promise<readonly (TokenRecord | null)[]> {
  return Promise.all(handles.map((handle) => tokenIn(handle, token)))
}

/** Handles that see each other's changes. Without a feed, a handle sees only its own changes. */
export function witnessesOf({ store, handles, subject }: Stage): readonly StepsOnStore[] {
  return subject.changeFeed === undefined ? [store] : handles
}
