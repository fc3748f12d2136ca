import type { ChangeFeed, TokenRecord, TokenStore } from '@tessera/core'

/** The change feed of a store that declares one. */
export function feedOf(store: TokenStore): ChangeFeed {
  if (store.changes === undefined) throw new Error('the store declares a change feed and has none')
  return store.changes
}

/** The `n` of a revision `<n>-<nonce>`. */
export function numberOf(revision: string): number {
  return Number(revision.slice(0, revision.indexOf('-')))
}

/** What a feed has told, and the revision after it. */
export interface Told {
  readonly revision: string
  readonly digests: ReadonlySet<string>
  readonly owners: ReadonlySet<string>
}

/** What changed since a revision, for a reader that need not be reset. */
export async function changesAfter(store: TokenStore, revision: string): Promise<Told> {
  const changes = await feedOf(store).changesSince(revision)
  if (changes.digests === 'reset') throw new Error(`the feed resets a reader that stands at its own ${revision}`)
  return { revision: changes.revision, digests: new Set(changes.digests), owners: new Set(changes.owners) }
}

/** Whether a reader that was told this forgets what it knows of the token. */
export function tellsOf({ digests, owners }: Told, { digest, owner }: Pick<TokenRecord, 'digest' | 'owner'>): boolean {
  return digests.has(digest) || owners.has(owner)
}
