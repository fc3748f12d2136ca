import type { InsertConditions, InsertOutcome, TokenRecord } from '@tessera/core'
import { escapeText } from './compact-text.ts'
import { packDigest, unpackDigest } from './packed-digest.ts'
import { writeRecord } from './record-text.ts'
import { listOf, recordAt } from './reply.ts'
import { INSERT } from './scripts/insert.ts'
import type { Session } from './session.ts'

export async function insertToken(
  { keys, change, epoch }: Session,
  record: TokenRecord,
  { now, activeLimit, idempotency }: InsertConditions,
): Promise<InsertOutcome> {
  const { stem, created, digests, ends, requests } = keys.ofOwner(record.owner)
  const epochBefore = epoch()
  const reply = await change(
    INSERT,
    idempotency === null ? [created, digests, ends] : [created, digests, ends, requests],
    [
      stem,
      packDigest(record.digest),
      escapeText(record.id),
      writeRecord(record),
      record.createdAt,
      endOf(record),
      now,
      activeLimit ?? '',
      ...(idempotency === null
        ? []
        : [escapeText(idempotency.key), escapeText(idempotency.fingerprint), idempotency.expiresAt]),
    ],
  )
  const [outcome, ...facts] = listOf(reply)
  // A client whose connection was lost sends again what was not answered: then the token in the way may be this one.
  const isOwn = (digest: unknown) =>
    epoch() !== epochBefore && Buffer.isBuffer(digest) && unpackDigest(digest) === record.digest
  switch (String(outcome)) {
    case 'inserted':
      return { outcome: 'inserted' }
    case 'replayed': {
      const first = recordAt(facts, 0)
      if (first === null || isOwn(facts[0])) return { outcome: 'inserted' }
      return { outcome: 'replayed', record: first }
    }
    case 'idempotency_conflict':
      return { outcome: 'idempotency_conflict' }
    case 'limit_reached':
      return { outcome: 'limit_reached', active: Number(facts[0]) }
    default:
      return { outcome: isOwn(facts[0]) ? 'inserted' : 'id_taken' }
  }
}

/** The score of the token among the owner's ends; see `OwnerKeys`. */
function endOf({ expiresAt, revokedAt }: TokenRecord): string | number {
  if (revokedAt !== null) return -Math.min(revokedAt, expiresAt ?? revokedAt)
  return expiresAt ?? '+inf'
}
