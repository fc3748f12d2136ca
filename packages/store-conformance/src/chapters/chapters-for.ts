import type { Chapter } from '../stage/chapter.ts'
import type { Subject } from '../stage/store-under-test.ts'
import { announces } from './change/announces.ts'
import { compares } from './change/compares.ts'
import { shows } from './change/shows.ts'
import { writes } from './change/writes.ts'
import { activeLimit } from './conditions/active-limit.ts'
import { countActive } from './conditions/count-active.ts'
import { idempotencyLimit } from './conditions/idempotency-limit.ts'
import { idempotency } from './conditions/idempotency.ts'
import { idempotentChanges } from './conditions/idempotent-changes.ts'
import { insert } from './conditions/insert.ts'
import { isolation } from './conditions/isolation.ts'
import { prefixes } from './conditions/prefixes.ts'
import { text } from './conditions/text.ts'
import { changeFeedFollowers } from './feed/change-feed-followers.ts'
import { changeFeedRaces } from './feed/change-feed-races.ts'
import { changeFeed } from './feed/change-feed.ts'
import { leases } from './feed/leases.ts'
import { withoutChangeFeed } from './feed/without-change-feed.ts'
import { completeRotation } from './life/complete-rotation.ts'
import { edit } from './life/edit.ts'
import { extendExpiry } from './life/extend-expiry.ts'
import { pruneRaces } from './life/prune-races.ts'
import { prune } from './life/prune.ts'
import { recordUse } from './life/record-use.ts'
import { rekey } from './life/rekey.ts'
import { revocationRaces } from './life/revocation-races.ts'
import { revokeAll } from './life/revoke-all.ts'
import { revoke } from './life/revoke.ts'
import { rotate } from './life/rotate.ts'
import { rotationRaces } from './life/rotation-races.ts'
import { suspend } from './life/suspend.ts'
import { operations } from './operations.ts'
import { cachedRecords } from './reads/cached-records.ts'
import { findByDigest } from './reads/find-by-digest.ts'
import { findTokenRaces } from './reads/find-token-races.ts'
import { findById } from './reads/find-by-id.ts'
import { findToken } from './reads/find-token.ts'
import { boundedPages } from './reads/bounded-pages.ts'
import { listCombinations } from './reads/list-combinations.ts'
import { listFacts } from './reads/list-facts.ts'
import { listFilters } from './reads/list-filters.ts'
import { listOrders } from './reads/list-orders.ts'
import { listWindows } from './reads/list-windows.ts'
import { walking } from './reads/walking.ts'

/** Questions to a store itself, not to steps alone. */
const OF_CHANGE: readonly Chapter[] = [shows, writes, compares]

const OF_EVERY_STORE: readonly Chapter[] = [
  insert,
  activeLimit,
  countActive,
  idempotency,
  idempotencyLimit,
  findByDigest,
  cachedRecords,
  revoke,
  revocationRaces,
  revokeAll,
  suspend,
  edit,
  rotate,
  completeRotation,
  rotationRaces,
  idempotentChanges,
  recordUse,
  extendExpiry,
  rekey,
  prune,
  pruneRaces,
  findToken,
  findById,
  findTokenRaces,
  listFilters,
  listFacts,
  listOrders,
  listWindows,
  listCombinations,
  walking,
  boundedPages,
  text,
  isolation,
  prefixes,
  operations,
]

const OF_A_FEED: readonly Chapter[] = [changeFeed, changeFeedRaces, changeFeedFollowers]

/** The suite for a store, by its declarations. */
export function chaptersFor({ changeFeed: declared, leases: lent, stepsOnly = false }: Subject): readonly Chapter[] {
  const ofChange = declared === undefined ? OF_CHANGE : [...OF_CHANGE, announces]
  const ofFeed = declared === undefined ? [withoutChangeFeed] : OF_A_FEED
  const ofLeases = lent === undefined ? [] : [leases]
  return [...(stepsOnly ? [] : ofChange), ...OF_EVERY_STORE, ...ofFeed, ...ofLeases]
}
