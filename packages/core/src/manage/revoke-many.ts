import type { GuardedStore } from '../setup/guard-store.ts'
import { claimBulk, finishBulk, isMeant, revokeSome } from '../steps/revoke-many.ts'
import type { BulkRevocation, RevokeAllOutcome } from '../steps/revoke-many.ts'
import { checkClock } from './check-clock.ts'
import { pagesOf } from '../store/walk-pages.ts'

const MOST_PASSES = 8

/**
 * Revokes all selected tokens of the owner, in bounded steps. Resolves once all steps are made and the owner is
 * announced. By then every selected token is revoked, if its issue was acknowledged before the call.
 *
 * The key is claimed before the first step and answered after the last. A request goes on if it finds its own claim
 * without an answer: the first call may have failed.
 */
export async function revokeMany(
  store: Pick<GuardedStore, 'take' | 'list'>,
  owner: string,
  selection: BulkRevocation,
): Promise<RevokeAllOutcome> {
  // A clock that runs ahead would take tokens in use for unused.
  if (selection.lastUsedBefore !== undefined) await checkClock(store, owner, selection.at)
  const repeated = selection.idempotency && (await store.take(owner, claimBulk(selection)))
  if (repeated !== null) return repeated
  let count = 0
  // What is revoked by one pass may have made more meanwhile, and with a clock behind that stands before it.
  for (let passes = selection.makers ? MOST_PASSES : 1; passes > 0; passes -= 1) {
    const found = await revokePages(store, owner, selection)
    if (found === 0) break
    count += found
  }
  return store.take(owner, finishBulk(selection, count))
}

/** Revokes what is meant, by creation, and returns how many. */
async function revokePages(
  store: Pick<GuardedStore, 'take' | 'list'>,
  owner: string,
  selection: BulkRevocation,
): Promise<number> {
  const { createdBy, makers, last } = selection
  let count = 0
  for await (const records of pagesOf(store, { owner, now: selection.at, createdBy, makers })) {
    const meant = records.filter((record) => record.id !== last && isMeant(record, selection))
    const ids = meant.map(({ id }) => id)
    if (ids.length > 0) count += await store.take(owner, revokeSome(ids, selection))
  }
  return count
}
