import { activeLimit } from '../chapters/active-limit.ts'
import { changeFeedFollowers } from '../chapters/change-feed-followers.ts'
import { changeFeedRaces } from '../chapters/change-feed-races.ts'
import { changeFeed } from '../chapters/change-feed.ts'
import { completeRotation } from '../chapters/complete-rotation.ts'
import { edit } from '../chapters/edit.ts'
import { extendExpiry } from '../chapters/extend-expiry.ts'
import { findByDigest } from '../chapters/find-by-digest.ts'
import { findStandingRaces } from '../chapters/find-standing-races.ts'
import { findStanding } from '../chapters/find-standing.ts'
import { heldRecords } from '../chapters/held-records.ts'
import { idempotencyLimit } from '../chapters/idempotency-limit.ts'
import { idempotency } from '../chapters/idempotency.ts'
import { idempotentChanges } from '../chapters/idempotent-changes.ts'
import { insert } from '../chapters/insert.ts'
import { isolation } from '../chapters/isolation.ts'
import { listCombinations } from '../chapters/list-combinations.ts'
import { listFilters } from '../chapters/list-filters.ts'
import { listOrders } from '../chapters/list-orders.ts'
import { listWindows } from '../chapters/list-windows.ts'
import { operations } from '../chapters/operations.ts'
import { pruneRaces } from '../chapters/prune-races.ts'
import { prune } from '../chapters/prune.ts'
import { recordUse } from '../chapters/record-use.ts'
import { rekey } from '../chapters/rekey.ts'
import { revocationRaces } from '../chapters/revocation-races.ts'
import { revokeAll } from '../chapters/revoke-all.ts'
import { revoke } from '../chapters/revoke.ts'
import { rotate } from '../chapters/rotate.ts'
import { rotationRaces } from '../chapters/rotation-races.ts'
import { suspend } from '../chapters/suspend.ts'
import { text } from '../chapters/text.ts'
import { walking } from '../chapters/walking.ts'
import type { Chapter } from '../chapter.ts'
import { announcements } from './announcements.ts'
import type { BrokenStores } from './broken.ts'
import { bulk } from './bulk.ts'
import { completions } from './completions.ts'
import { digests } from './digests.ts'
import { edits } from './edits.ts'
import { extensions } from './extensions.ts'
import { feeds } from './feeds.ts'
import { fields } from './fields.ts'
import { filters } from './filters.ts'
import { held } from './held.ts'
import { keyLimits } from './key-limits.ts'
import { keyedChanges } from './keyed-changes.ts'
import { limits } from './limits.ts'
import { lookupsById } from './lookups-by-id.ts'
import { orders } from './orders.ts'
import { owners } from './owners.ts'
import { prunes } from './prunes.ts'
import { requests } from './requests.ts'
import { rotations } from './rotations.ts'
import { similarTexts } from './similar-texts.ts'
import { stalePrunes } from './stale-prunes.ts'
import { standing } from './standing.ts'
import { uses } from './uses.ts'
import { visibility } from './visibility.ts'
import { windows } from './windows.ts'

/** Broken stores, and the chapters that are there to catch them. */
export interface Trial {
  readonly stores: BrokenStores
  readonly chapters: readonly Chapter[]
}

/** All broken stores, by what each does wrong. */
export const trials: readonly Trial[] = [
  { stores: fields, chapters: [insert, text] },
  { stores: limits, chapters: [activeLimit, isolation] },
  { stores: requests, chapters: [idempotency] },
  { stores: keyLimits, chapters: [idempotencyLimit] },
  { stores: digests, chapters: [findByDigest, rekey, revocationRaces] },
  { stores: held, chapters: [heldRecords] },
  { stores: standing, chapters: [revoke, suspend, revocationRaces, insert] },
  { stores: rotations, chapters: [rotate, completeRotation, rotationRaces] },
  { stores: completions, chapters: [completeRotation, rotationRaces, changeFeed] },
  { stores: edits, chapters: [edit] },
  { stores: bulk, chapters: [revokeAll, changeFeed, changeFeedRaces] },
  { stores: keyedChanges, chapters: [idempotentChanges] },
  { stores: uses, chapters: [recordUse, revocationRaces] },
  { stores: extensions, chapters: [extendExpiry] },
  { stores: lookupsById, chapters: [findStanding, findStandingRaces] },
  { stores: prunes, chapters: [prune, revocationRaces] },
  { stores: stalePrunes, chapters: [prune, pruneRaces] },
  { stores: similarTexts, chapters: [isolation] },
  { stores: owners, chapters: [isolation, operations] },
  { stores: filters, chapters: [listFilters, text] },
  { stores: orders, chapters: [listOrders, walking] },
  { stores: windows, chapters: [listWindows, listCombinations, walking] },
  { stores: { ...feeds, ...announcements }, chapters: [changeFeed, changeFeedRaces] },
  { stores: visibility, chapters: [changeFeed, changeFeedRaces, changeFeedFollowers] },
]
