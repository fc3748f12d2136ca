import type { Idempotency, Repeated, TokenRecord } from '@tessera/core'
import { announce } from './change-feed.ts'
import { requestArguments } from './idempotency.ts'
import { readDigests } from './record-text.ts'
import { FIND_REQUEST } from './scripts/requests.ts'
import type { Session } from './session.ts'
import { readStep } from './take-step.ts'

/**
 * Tells the change feed of the token again that the first request changed: who is answered by this need not repeat the
 * step, and the first request may have failed before it could tell.
 */
export async function findRequest(
  session: Session,
  owner: string,
  request: Idempotency,
  now: number,
): Promise<Repeated<{ readonly record: TokenRecord }> | null> {
  const { requests } = session.keys.ofOwner(owner)
  const reply = await session.run(FIND_REQUEST, [requests], [now, ...requestArguments(request)])
  if (reply === null) return null
  const { outcome, told, records } = readStep(reply)
  const [record = null] = records
  if (outcome !== 'replayed' || record === null) return { outcome: 'idempotency_conflict' }
  await announce(session, readDigests(told))
  return { outcome, record }
}
