import type { Chapter } from '../chapter.ts'
import type { StoreUnderTest } from '../store-under-test.ts'
import { activeLimit } from './active-limit.ts'
import { changeFeedRaces } from './change-feed-races.ts'
import { changeFeed } from './change-feed.ts'
import { findByDigest } from './find-by-digest.ts'
import { idempotency } from './idempotency.ts'
import { insert } from './insert.ts'
import { isolation } from './isolation.ts'
import { listCombinations } from './list-combinations.ts'
import { listFilters } from './list-filters.ts'
import { listOrders } from './list-orders.ts'
import { listWindows } from './list-windows.ts'
import { operations } from './operations.ts'
import { prune } from './prune.ts'
import { recordUse } from './record-use.ts'
import { rekey } from './rekey.ts'
import { revocationRaces } from './revocation-races.ts'
import { revoke } from './revoke.ts'
import { suspend } from './suspend.ts'
import { text } from './text.ts'
import { walking } from './walking.ts'
import { withoutChangeFeed } from './without-change-feed.ts'

const OF_EVERY_STORE: readonly Chapter[] = [
  insert,
  activeLimit,
  idempotency,
  findByDigest,
  revoke,
  revocationRaces,
  suspend,
  recordUse,
  rekey,
  prune,
  listFilters,
  listOrders,
  listWindows,
  listCombinations,
  walking,
  text,
  isolation,
  operations,
]

/** The suite for a store, by what it declares. */
export function chaptersFor({ changeFeed: declared }: StoreUnderTest): readonly Chapter[] {
  return [...OF_EVERY_STORE, ...(declared === undefined ? [withoutChangeFeed] : [changeFeed, changeFeedRaces])]
}
