import { endOf } from '@tessera/core'
import type { InsertConditions, InsertOutcome, TokenRecord } from '@tessera/core'
import { escapeText } from './compact-text.ts'
import { requestArguments, requestKeys } from './idempotency.ts'
import { packDigest } from './packed-digest.ts'
import { writeRecord } from './record-text.ts'
import { countIn, digestIn, listIn, recordOf, textIn, unexpectedReply } from './reply.ts'
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
    [created, digests, ends, ...requestKeys(requests, idempotency)],
    [
      stem,
      packDigest(record.digest),
      escapeText(record.id),
      writeRecord(record),
      record.createdAt,
      scoreOf(record),
      now,
      activeLimit ?? '',
      ...requestArguments(idempotency),
    ],
  )
  const [outcome, fact, , ...kept] = listIn(reply)
  // A client whose connection was lost sends again what was not answered: then the token in the way may be this one.
  const isOwn = (digest: string) => epoch() !== epochBefore && digest === record.digest
  switch (textIn(outcome)) {
    case 'inserted':
      return { outcome: 'inserted' }
    case 'replayed': {
      const first = recordOf(kept)
      return isOwn(first.digest) ? { outcome: 'inserted' } : { outcome: 'replayed', record: first }
    }
    case 'idempotency_conflict':
      return { outcome: 'idempotency_conflict' }
    case 'limit_reached':
      return { outcome: 'limit_reached', active: countIn(fact) }
    case 'id_taken':
      return { outcome: isOwn(digestIn(fact)) ? 'inserted' : 'id_taken' }
    default:
      throw unexpectedReply('the outcome of an insert')
  }
}

/** The score of the token among the owner's ends; see `OwnerKeys`. */
function scoreOf(record: TokenRecord): string | number {
  const { revokedAt, rotatedTo } = record
  const end = Math.min(revokedAt ?? Number.POSITIVE_INFINITY, endOf(record))
  const score = revokedAt === null && rotatedTo === null ? end : -end
  if (Number.isFinite(score)) return score
  return score > 0 ? '+inf' : '-inf'
}
