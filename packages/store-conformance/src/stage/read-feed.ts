import type { ChangeFeed, TokenRecord } from '@tessera/core'
import type { StepsOnStore } from '../steps/steps-on.ts'

/** The declared change feed of a store. */
export function feedOf(store: StepsOnStore): ChangeFeed {
  if (store.feed === undefined) throw new Error('the store declares a change feed and has none')
  return store.feed
}

/** The `n` of a revision `<n>-<nonce>`. */
export function numberOf(revision: string): number {
  return Number(revision.slice(0, revision.indexOf('-')))
}

/** The announcements of a feed, and the revision after them. */
export interface Announced {
  readonly revision: string
  readonly digests: ReadonlySet<string>
  readonly owners: ReadonlySet<string>
}

/** The changes since a revision, for a reader without need of a reset. */
export async function changesAfter(store: StepsOnStore, revision: string): Promise<Announced> {
  const changes = await feedOf(store).changesSince(revision)
  if (changes.digests === 'reset') throw new Error(`the feed resets a reader that stands at its own ${revision}`)
  return { revision: changes.revision, digests: new Set(changes.digests), owners: new Set(changes.owners) }
}

/** Whether these announcements make a reader drop the token. */
export function announces(
  { digests, owners }: Announced,
  { digest, owner }: Pick<TokenRecord, 'digest' | 'owner'>,
): boolean {
  return digests.has(digest) || owners.has(owner)
}
