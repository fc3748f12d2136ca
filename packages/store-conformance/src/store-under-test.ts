import type { TokenStore } from '@tessera/core'
import type { ExpectStatic } from 'vitest'

/** How the suite gets at a store, and what the store offers beyond what every store must. */
export interface StoreUnderTest {
  /** A new, empty store. One store at a time is in use, except for a second one that only reads its change feed. */
  readonly create: () => TokenStore | Promise<TokenStore>
  /**
   * Another handle of the store that `create` made last, over a connection of its own. Races then run over several
   * connections; left out, they share the one handle.
   */
  readonly connect?: (store: TokenStore) => TokenStore | Promise<TokenStore>
  /** Declares the change feed, and how many of the latest changes it keeps at most. Left out, `changes` must be absent. */
  readonly changeFeed?: { readonly keeps: number }
}

/** What a case works with: an empty store of its own. */
export interface Stage {
  readonly store: TokenStore
  /** The store and further handles of it, for contenders to share. */
  readonly handles: readonly TokenStore[]
  readonly subject: StoreUnderTest
  readonly expect: ExpectStatic
}

const MOST_HANDLES = 4

export async function setStage(subject: StoreUnderTest, expect: ExpectStatic): Promise<Stage> {
  const store = await subject.create()
  const handles = [store]
  while (subject.connect !== undefined && handles.length < MOST_HANDLES) handles.push(await subject.connect(store))
  return { store, handles, subject, expect }
}
