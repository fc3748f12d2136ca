import { changeToken } from './change-token.ts'
import type { Changed } from './change-token.ts'
import { idempotencyOf } from './idempotency.ts'
import type { IdempotentOptions } from './idempotency.ts'
import type { Settings } from './settings.ts'
import type { ActedBy } from './token-event.ts'

const REFUSAL = 'a revoked token can be neither suspended nor resumed'

/**
 * Refuses a token until it is resumed. Suspending again answers with the first `suspendedAt`. It still counts as active
 * for the cap.
 *
 * @throws TokenError `token_not_found`, `idempotency_conflict`, or `invalid_transition` for a revoked token
 */
export async function suspendToken(
  settings: Settings,
  owner: string,
  id: string,
  { idempotencyKey, by = null }: IdempotentOptions & ActedBy,
): Promise<Changed> {
  return changeToken(settings, id, { type: 'suspended', by, refusal: REFUSAL }, (at) => {
    const idempotency = idempotencyOf(idempotencyKey, ['suspend', id], at)
    return settings.store.suspend(owner, id, { at, idempotency })
  })
}

/**
 * Accepts a suspended token again; a token that is not suspended stays as it is. One that another suspends after this call
 * has failed stays suspended, however late the store gets to it.
 *
 * @throws TokenError `token_not_found`, `idempotency_conflict`, or `invalid_transition` for a revoked token
 */
export async function resumeToken(
  settings: Settings,
  owner: string,
  id: string,
  { idempotencyKey, by = null }: IdempotentOptions & ActedBy,
): Promise<Changed> {
  return changeToken(settings, id, { type: 'resumed', by, refusal: REFUSAL }, (at) => {
    const idempotency = idempotencyOf(idempotencyKey, ['resume', id], at)
    return settings.store.resume(owner, id, { at, idempotency })
  })
}
