import type { GuardedStore } from '../setup/guard-store.ts'
import { claimBulk, finishBulk, isMeant, revokeSome } from '../steps/revoke-many.ts'
import type { BulkRevocation, RevokeAllOutcome } from '../steps/revoke-many.ts'
import type { TokenPage } from '../store/query.ts'
import { checkClock } from './check-clock.ts'

const IN_STEP = 200

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
  let after: TokenPage['next'] = null
  do {
    const page: TokenPage = await store.list({ ...everyToken(owner, selection.at), window: { after, limit: IN_STEP } })
    const ids = page.records
      .filter((record) => isMeant(record, selection))
      .map(({ id }) => id)
      .filter((id) => id !== selection.last)
    if (ids.length > 0) count += await store.take(owner, revokeSome(ids, selection))
    after = page.next
  } while (after !== null)
  return store.take(owner, finishBulk(selection, count))
}

/** By creation: no token moves in this order. */
function everyToken(owner: string, now: number) {
  return { owner, now, statuses: null, name: null, sort: { by: 'createdAt', direction: 'asc' } } as const
}
