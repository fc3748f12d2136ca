import type { ChangeFeed, TokenStore } from '@tessera/core'

/** The change feed of a store that declares one. */
export function feedOf(store: TokenStore): ChangeFeed {
  if (store.changes === undefined) throw new Error('the store declares a change feed and has none')
  return store.changes
}

/** The `n` of a revision `<n>-<nonce>`. */
export function numberOf(revision: string): number {
  return Number(revision.slice(0, revision.indexOf('-')))
}

/** The digests that changed since a revision and the revision after them, for a reader that need not be reset. */
export async function changesAfter(
  store: TokenStore,
  revision: string,
): Promise<{ revision: string; digests: ReadonlySet<string> }> {
  const changes = await feedOf(store).changesSince(revision)
  if (changes.digests === 'reset') throw new Error(`the feed resets a reader that stands at its own ${revision}`)
  return { revision: changes.revision, digests: new Set(changes.digests) }
}
