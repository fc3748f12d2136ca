import type { Chapter } from '../chapter.ts'
import type { StoreUnderTest } from '../store-under-test.ts'
import { activeLimit } from './active-limit.ts'
import { changeFeedFollowers } from './change-feed-followers.ts'
import { changeFeedRaces } from './change-feed-races.ts'
import { changeFeed } from './change-feed.ts'
import { completeRotation } from './complete-rotation.ts'
import { edit } from './edit.ts'
import { findByDigest } from './find-by-digest.ts'
import { findStandingRaces } from './find-standing-races.ts'
import { findStanding } from './find-standing.ts'
import { heldRecords } from './held-records.ts'
import { idempotencyLimit } from './idempotency-limit.ts'
import { idempotency } from './idempotency.ts'
import { idempotentChanges } from './idempotent-changes.ts'
import { insert } from './insert.ts'
import { isolation } from './isolation.ts'
import { listCombinations } from './list-combinations.ts'
import { listFilters } from './list-filters.ts'
import { listOrders } from './list-orders.ts'
import { listWindows } from './list-windows.ts'
import { operations } from './operations.ts'
import { pruneRaces } from './prune-races.ts'
import { prune } from './prune.ts'
import { extendExpiry } from './extend-expiry.ts'
import { recordUse } from './record-use.ts'
import { rekey } from './rekey.ts'
import { revocationRaces } from './revocation-races.ts'
import { revokeAll } from './revoke-all.ts'
import { revoke } from './revoke.ts'
import { rotate } from './rotate.ts'
import { rotationRaces } from './rotation-races.ts'
import { suspend } from './suspend.ts'
import { text } from './text.ts'
import { walking } from './walking.ts'
import { withoutChangeFeed } from './without-change-feed.ts'

const OF_EVERY_STORE: readonly Chapter[] = [
  insert,
  activeLimit,
  idempotency,
  idempotencyLimit,
  findByDigest,
  heldRecords,
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
  findStanding,
  findStandingRaces,
  listFilters,
  listOrders,
  listWindows,
  listCombinations,
  walking,
  text,
  isolation,
  operations,
]

const OF_A_FEED: readonly Chapter[] = [changeFeed, changeFeedRaces, changeFeedFollowers]

/** The suite for a store, by what it declares. */
export function chaptersFor({ changeFeed: declared }: StoreUnderTest): readonly Chapter[] {
  return [...OF_EVERY_STORE, ...(declared === undefined ? [withoutChangeFeed] : OF_A_FEED)]
}
