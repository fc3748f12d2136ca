import { activeLimit } from '../src/chapters/conditions/active-limit.ts'
import { countActive } from '../src/chapters/conditions/count-active.ts'
import { idempotencyLimit } from '../src/chapters/conditions/idempotency-limit.ts'
import { idempotency } from '../src/chapters/conditions/idempotency.ts'
import { idempotentChanges } from '../src/chapters/conditions/idempotent-changes.ts'
import { insert } from '../src/chapters/conditions/insert.ts'
import { isolation } from '../src/chapters/conditions/isolation.ts'
import { prefixes } from '../src/chapters/conditions/prefixes.ts'
import { text } from '../src/chapters/conditions/text.ts'
import { changeFeedFollowers } from '../src/chapters/feed/change-feed-followers.ts'
import { changeFeedRaces } from '../src/chapters/feed/change-feed-races.ts'
import { changeFeed } from '../src/chapters/feed/change-feed.ts'
import { completeRotation } from '../src/chapters/life/complete-rotation.ts'
import { edit } from '../src/chapters/life/edit.ts'
import { extendExpiry } from '../src/chapters/life/extend-expiry.ts'
import { pruneRaces } from '../src/chapters/life/prune-races.ts'
import { prune } from '../src/chapters/life/prune.ts'
import { recordUse } from '../src/chapters/life/record-use.ts'
import { rekey } from '../src/chapters/life/rekey.ts'
import { revocationRaces } from '../src/chapters/life/revocation-races.ts'
import { revokeAll } from '../src/chapters/life/revoke-all.ts'
import { revoke } from '../src/chapters/life/revoke.ts'
import { rotate } from '../src/chapters/life/rotate.ts'
import { rotationRaces } from '../src/chapters/life/rotation-races.ts'
import { suspend } from '../src/chapters/life/suspend.ts'
import { operations } from '../src/chapters/operations.ts'
import { cachedRecords } from '../src/chapters/reads/cached-records.ts'
import { findByDigest } from '../src/chapters/reads/find-by-digest.ts'
import { findById } from '../src/chapters/reads/find-by-id.ts'
import { findTokenRaces } from '../src/chapters/reads/find-token-races.ts'
import { findToken } from '../src/chapters/reads/find-token.ts'
import { boundedPages } from '../src/chapters/reads/bounded-pages.ts'
import { listCombinations } from '../src/chapters/reads/list-combinations.ts'
import { listFacts } from '../src/chapters/reads/list-facts.ts'
import { listFilters } from '../src/chapters/reads/list-filters.ts'
import { listOrders } from '../src/chapters/reads/list-orders.ts'
import { listWindows } from '../src/chapters/reads/list-windows.ts'
import { walking } from '../src/chapters/reads/walking.ts'
import type { Chapter } from '../src/stage/chapter.ts'
import type { BrokenStores } from './broken/broken.ts'
import { counts } from './conditions/counts.ts'
import { keyLimits } from './conditions/key-limits.ts'
import { keyedChanges } from './conditions/keyed-changes.ts'
import { limits } from './conditions/limits.ts'
import { otherPrefixes } from './conditions/other-prefixes.ts'
import { owners } from './conditions/owners.ts'
import { requests } from './conditions/requests.ts'
import { similarTexts } from './conditions/similar-texts.ts'
import { announcements } from './feed/announcements.ts'
import { feeds } from './feed/feeds.ts'
import { visibility } from './feed/visibility.ts'
import { bulk } from './life/bulk.ts'
import { completions } from './life/completions.ts'
import { edits } from './life/edits.ts'
import { extensions } from './life/extensions.ts'
import { prunes } from './life/prunes.ts'
import { rotations } from './life/rotations.ts'
import { stalePrunes } from './life/stale-prunes.ts'
import { uses } from './life/uses.ts'
import { bounds } from './reads/bounds.ts'
import { cached } from './reads/cached.ts'
import { digests } from './reads/digests.ts'
import { facts } from './reads/facts.ts'
import { fields } from './reads/fields.ts'
import { filters } from './reads/filters.ts'
import { lookupsById } from './reads/lookups-by-id.ts'
import { orders } from './reads/orders.ts'
import { statuses } from './reads/statuses.ts'
import { windows } from './reads/windows.ts'

/** Broken stores, and the chapters that are there to catch them. */
export interface Trial {
  readonly stores: BrokenStores
  readonly chapters: readonly Chapter[]
}

/** All broken stores, by what each does wrong. */
export const trials: readonly Trial[] = [
  { stores: fields, chapters: [insert, text] },
  { stores: limits, chapters: [activeLimit, isolation] },
  { stores: counts, chapters: [countActive] },
  { stores: requests, chapters: [idempotency] },
  { stores: keyLimits, chapters: [idempotencyLimit] },
  { stores: digests, chapters: [findByDigest, rekey, revocationRaces] },
  { stores: cached, chapters: [cachedRecords] },
  { stores: statuses, chapters: [revoke, suspend, revocationRaces, insert] },
  { stores: rotations, chapters: [rotate, completeRotation, rotationRaces] },
  { stores: completions, chapters: [completeRotation, rotationRaces, changeFeed] },
  { stores: edits, chapters: [edit] },
  { stores: bulk, chapters: [revokeAll, changeFeed, changeFeedRaces] },
  { stores: keyedChanges, chapters: [idempotentChanges] },
  { stores: uses, chapters: [recordUse, revocationRaces] },
  { stores: extensions, chapters: [extendExpiry] },
  { stores: lookupsById, chapters: [findToken, findTokenRaces, findById] },
  { stores: prunes, chapters: [prune, revocationRaces] },
  { stores: stalePrunes, chapters: [prune, pruneRaces] },
  { stores: similarTexts, chapters: [isolation] },
  { stores: otherPrefixes, chapters: [prefixes] },
  { stores: owners, chapters: [isolation, operations] },
  { stores: filters, chapters: [listFilters, text] },
  { stores: facts, chapters: [listFacts] },
  { stores: bounds, chapters: [boundedPages] },
  { stores: orders, chapters: [listOrders, walking] },
  { stores: windows, chapters: [listWindows, listCombinations, walking] },
  { stores: { ...feeds, ...announcements }, chapters: [changeFeed, changeFeedRaces] },
  { stores: visibility, chapters: [changeFeed, changeFeedRaces, changeFeedFollowers] },
]
