import type { TokenRecord, TokenStore } from '@tessera/core'
import type { Stage } from './store-under-test.ts'

export type TokenName = Pick<TokenRecord, 'owner' | 'id'>

/** A token as a verification by id finds it: a store that does not cache has nothing but `find` for it. */
export async function standingOf(store: TokenStore, { owner, id }: TokenName): Promise<TokenRecord | null> {
  return store.findStanding === undefined ? store.find(owner, id) : store.findStanding(owner, id)
}

/** What each handle finds. */
export async function standingsOf(
  handles: readonly TokenStore[],
  token: TokenName,
): Promise<readonly (TokenRecord | null)[]> {
  return Promise.all(handles.map((handle) => standingOf(handle, token)))
}

/** The handles of which each sees what was changed through another; without a feed, one sees only its own changes. */
export function witnessesOf({ store, handles, subject }: Stage): readonly TokenStore[] {
  return subject.changeFeed === undefined ? [store] : handles
}
