import { setTimeout as wait } from 'node:timers/promises'
import { prefixOfKey, repeatedForToken, shardOf } from '@tessera/core'
import type { Idempotency, InsertConditions, InsertOutcome, MadeToken, TokenRecord } from '@tessera/core'
import type { Argument } from '../client/client.ts'
import type { Keys } from '../client/keys.ts'
import { lateError } from '../connection/server-clocks.ts'
import type { Span } from '../connection/server-clocks.ts'
import type { Session } from '../connection/session.ts'
import { INSERT, INSERT_KEYED } from '../scripts/insert.ts'
import { WITHDRAW } from '../scripts/withdraw.ts'
import { escapeText } from '../text/compact-text.ts'
import { endsAt } from '../text/ends-at.ts'
import { fieldOf } from '../text/idempotency.ts'
import { readKept, writeKept } from '../text/kept-text.ts'
import { packDigest } from '../text/packed-digest.ts'
import { writeRecord } from '../text/record-text.ts'
import { bytesIn, countIn, digestIn, instantIn, listIn, textIn, unexpectedReply } from '../text/reply.ts'

const MOST_WITHDRAWALS = 60
const WITHDRAWAL_PAUSE_MS = 1_000

/**
 * Inserts a token, unless Redis gets to it too late. A token inserted by a call given up meanwhile is removed again:
 * nobody got its secret.
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
    if (isSent) void withdraw(session, record, conditions.idempotency)
    throw error
  }
}

async function insertWithin(
  { keys, isCluster, change, clocks, epoch, clockToleranceMs }: Session,
  record: TokenRecord,
  { now, activeLimit, idempotency, sealed, prefixes = [record.prefix] }: InsertConditions,
  span: Span,
): Promise<InsertOutcome> {
  const { owner } = record
  const { stem, created, digests, ends } = keys.ofPrefix(owner, record.prefix)
  const others = prefixes
    .filter((prefix) => prefix !== record.prefix)
    .map((prefix) => keys.ofPrefix(owner, prefix).ends)
  const epochBefore = epoch()
  const reply = await change(
    idempotency === null ? INSERT : INSERT_KEYED,
    [created, digests, ...requestKeys(keys, owner, idempotency), ends, ...others],
    [
      stem,
      packDigest(record.digest),
      escapeText(record.id),
      writeRecord(record),
      [isCluster, record.createdAt, endsAt(record), now, activeLimit ?? 'none', ...span].join(' '),
      ...keptArguments(idempotency, { record, sealed }, clockToleranceMs),
    ],
  )
  const [outcome, fact, ...facts] = Buffer.isBuffer(reply) ? [reply] : listIn(reply)
  // A client whose connection was lost sends again what was not answered: then the token in the way may be this one.
  const isOwn = (digest: string) => epoch() !== epochBefore && digest === record.digest
  switch (textIn(outcome)) {
    case 'inserted':
      return { outcome: 'inserted' }
    case 'kept': {
      const [expiresAt = 0, latest] = facts.map(instantIn)
      const kept = readKept(idempotency?.key ?? '', bytesIn(fact), expiresAt)
      const repeated = repeatedForToken({ kept, keys: null, ...(latest && { latest }) }, idempotency, now)
      const isFirst = repeated?.outcome === 'replayed' && isOwn(repeated.record.digest)
      return repeated === null || isFirst ? { outcome: 'inserted' } : repeated
    }
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

function requestKeys(keys: Keys, owner: string, idempotency: Idempotency | null): readonly string[] {
  if (idempotency === null) return []
  const { requests, expiries } = keys.ofPrefix(owner, prefixOfKey(idempotency.key))
  return [requests, expiries]
}

function keptArguments(
  idempotency: Idempotency | null,
  answer: MadeToken,
  clockToleranceMs: number,
): readonly Argument[] {
  if (idempotency === null) return []
  const { key, fingerprint, expiresAt, limit = '' } = idempotency
  return [fieldOf(key), writeKept({ fingerprint, answer }), expiresAt, limit, clockToleranceMs]
}

/**
 * It follows the insert on the same connection, or on a later one. Nobody waits for it: after a minute without a server a
 * token without a holder stays.
 */
async function withdraw(
  { keys, isCluster, operate, run }: Session,
  { owner, id, prefix, digest }: TokenRecord,
  idempotency: Idempotency | null,
): Promise<void> {
  const { stem, created, digests, ends } = keys.ofPrefix(owner, prefix)
  const key = idempotency === null ? [] : [fieldOf(idempotency.key), escapeText(digest)]
  const args = [stem, isCluster, escapeText(id), packDigest(digest), ...key]
  const names = [created, digests, ends, ...requestKeys(keys, owner, idempotency)]
  for (let tries = 1; tries <= MOST_WITHDRAWALS; tries += 1) {
    try {
      await operate('withdraw a token', () => run(WITHDRAW, names, args))
      return
    } catch {
      await wait(WITHDRAWAL_PAUSE_MS, undefined, { ref: false })
    }
  }
}
