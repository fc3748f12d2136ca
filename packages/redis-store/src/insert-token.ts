import { endOf, shardOf } from '@tessera/core'
import type { Idempotency, InsertConditions, InsertOutcome, TokenRecord } from '@tessera/core'
import { escapeText } from './compact-text.ts'
import { requestArguments, requestKeys } from './idempotency.ts'
import { packDigest } from './packed-digest.ts'
import { writeRecord } from './record-text.ts'
import { countIn, digestIn, listIn, recordOf, textIn, unexpectedReply } from './reply.ts'
import { INSERT } from './scripts/insert.ts'
import { WITHDRAW } from './scripts/withdraw.ts'
import { lateError } from './server-clocks.ts'
import type { Span } from './server-clocks.ts'
import type { Session } from './session.ts'

/**
 * Inserts a token, unless Redis gets to it after it was given up. One that was inserted, and whose insert was given up all
 * the same, is removed again: its secret was told to nobody.
 */
export async function insertToken(
  session: Session,
  record: TokenRecord,
  conditions: InsertConditions,
): Promise<InsertOutcome> {
  const giveUpAt = session.giveUpAt()
  let isSent = false

  async function insert(): Promise<InsertOutcome> {
    const span = await session.clocks.spanFor(shardOf(record.owner), giveUpAt)
    isSent = true
    return insertWithin(session, record, conditions, span)
  }

  try {
    return await session.operate('insert a token', insert)
  } catch (error) {
    if (isSent) withdraw(session, record, conditions.idempotency)
    throw error
  }
}

async function insertWithin(
  { keys, isCluster, change, clocks, epoch, clockToleranceMs }: Session,
  record: TokenRecord,
  { now, activeLimit, idempotency }: InsertConditions,
  span: Span,
): Promise<InsertOutcome> {
  const own = keys.ofOwner(record.owner)
  const epochBefore = epoch()
  const reply = await change(
    INSERT,
    [own.created, own.digests, own.ends, ...requestKeys(own, idempotency)],
    [
      own.stem,
      packDigest(record.digest),
      escapeText(record.id),
      writeRecord(record),
      record.createdAt,
      scoreOf(record),
      now,
      activeLimit ?? '',
      ...span,
      isCluster,
      ...requestArguments(idempotency, clockToleranceMs),
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
    case 'idempotency_limit_reached':
      return { outcome: 'idempotency_limit_reached' }
    case 'limit_reached':
      return { outcome: 'limit_reached', active: countIn(fact) }
    case 'late':
      clocks.forget(shardOf(record.owner))
      throw lateError()
    case 'id_taken':
      return { outcome: isOwn(digestIn(fact)) ? 'inserted' : 'id_taken' }
    default:
      throw unexpectedReply('the outcome of an insert')
  }
}

/** In the order of the connection it comes after the insert. Nobody waits for it: what is left is a token without a holder. */
function withdraw(
  { keys, isCluster, operate, run, clockToleranceMs }: Session,
  record: TokenRecord,
  idempotency: Idempotency | null,
): void {
  const own = keys.ofOwner(record.owner)
  const names = [own.created, own.digests, own.ends, ...requestKeys(own, idempotency)]
  const [key] = requestArguments(idempotency, clockToleranceMs)
  const args = [
    own.stem,
    isCluster,
    escapeText(record.id),
    packDigest(record.digest),
    ...(key === undefined ? [] : [key]),
  ]
  operate('withdraw a token', () => run(WITHDRAW, names, args)).catch(() => {})
}

/** The score of the token among the owner's ends; see `OwnerKeys`. */
function scoreOf(record: TokenRecord): string | number {
  const { revokedAt, rotatedTo } = record
  const end = Math.min(revokedAt ?? Number.POSITIVE_INFINITY, endOf(record))
  const score = revokedAt === null && rotatedTo === null ? end : -end
  if (Number.isFinite(score)) return score
  return score > 0 ? '+inf' : '-inf'
}
