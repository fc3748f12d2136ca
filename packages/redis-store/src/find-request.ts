import type { Idempotency, Repeated, TokenRecord } from '@tessera/core'
import { announce } from './change-feed.ts'
import { requestArguments, requestKeys } from './idempotency.ts'
import { readDigests } from './record-text.ts'
import { unexpectedReply } from './reply.ts'
import { FIND_REQUEST } from './scripts/requests.ts'
import type { Session } from './session.ts'
import { readStep } from './take-step.ts'

/**
 * Vouches for the answer as the step itself would, since who is answered by this need not repeat the step, and the first
 * request may have failed on its way: replicas must have what it changed, and the change feed is told of it again.
 */
export async function findRequest(
  session: Session,
  owner: string,
  request: Idempotency,
  now: number,
): Promise<Repeated<{ readonly record: TokenRecord }> | null> {
  const keys = requestKeys(session.keys.ofOwner(owner), request)
  const args = [now, ...requestArguments(request, session.clockToleranceMs)]
  const reply = await session.change(FIND_REQUEST, keys, args)
  if (reply === null) return null
  const { outcome, told, records } = readStep(reply)
  const [record] = records
  if (outcome === 'idempotency_conflict') return { outcome }
  if (outcome !== 'replayed' || record === undefined) throw unexpectedReply('the outcome of a request')
  await announce(session, readDigests(told))
  return { outcome, record }
}
