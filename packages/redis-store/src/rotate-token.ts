import { shardOf } from '@tessera/core'
import type { RotateOutcome, Rotation, TokenRecord } from '@tessera/core'
import { compactText, escapeText } from './compact-text.ts'
import { findToken } from './find-token.ts'
import { packDigest } from './packed-digest.ts'
import { writeInstant } from './instant-text.ts'
import { unexpectedReply } from './reply.ts'
import { ROTATE } from './scripts/rotate.ts'
import { lateError } from './server-clocks.ts'
import type { Session } from './session.ts'
import { takeStep } from './take-step.ts'

/** @param giveUpAt Redis refuses the rotation from then on, see `Session`. */
export async function rotateToken(
  session: Session,
  owner: string,
  id: string,
  { at, overlapMs, successor, sealedSuccessor, idempotency }: Rotation,
  giveUpAt: number,
): Promise<RotateOutcome> {
  const { created, digests, ends } = session.keys.ofOwner(owner)
  const shard = shardOf(owner)
  const span = await session.clocks.spanFor(shard, giveUpAt)
  const epochBefore = session.epoch()
  const wishes = [
    writeInstant(at),
    writeInstant(at + overlapMs),
    packDigest(successor.digest),
    escapeText(successor.id),
    compactText(successor.preview),
    escapeText(sealedSuccessor ?? ''),
    ...span,
  ]
  const call = { script: ROTATE, keys: [created, digests, ends], owner, id, wishes, idempotency }
  const { outcome, records } = await takeStep(session, call)
  const [record, made = null] = records
  // A client whose connection was lost sends again what was not answered: then the successor may be this one.
  const isOwn = (other: TokenRecord | null) =>
    session.epoch() !== epochBefore && other !== null && other.digest === successor.digest
  if (outcome === 'late') {
    session.clocks.forget(shard)
    throw lateError()
  }
  if (outcome === 'idempotency_conflict' || outcome === 'idempotency_limit_reached' || outcome === 'not_found')
    return { outcome }
  if (record === undefined) throw unexpectedReply('the record of a rotation')
  if (made !== null && (outcome === 'rotated' || isOwn(made))) return { outcome: 'rotated', record, successor: made }
  switch (outcome) {
    case 'replayed': {
      const former = isOwn(record) ? await findToken(session, owner, id) : null
      return former === null ? { outcome, record } : { outcome: 'rotated', record: former, successor: record }
    }
    case 'already_rotated':
      return { outcome, record, successor: made }
    case 'not_allowed':
      return { outcome, record }
    case 'id_taken':
      return { outcome }
    default:
      throw unexpectedReply('the outcome of a rotation')
  }
}
