import { prefixOfKey, shardOf } from '@tessera/core'
import type { Decision, Kept, TokenRecord } from '@tessera/core'
import type { Argument } from '../../client/client.ts'
import { escapeText } from '../../text/compact-text.ts'
import { endsAt } from '../../text/ends-at.ts'
import { fieldOf } from '../../text/idempotency.ts'
import { writeKept } from '../../text/kept-text.ts'
import { packDigest } from '../../text/packed-digest.ts'
import { writeRecord } from '../../text/record-text.ts'
import { textIn } from '../../text/reply.ts'
import { WRITE, WRITE_KEYED, WRITE_MORE, WRITE_MORE_KEYED } from '../../scripts/write.ts'
import { lateError } from '../../connection/server-clocks.ts'
import type { Session } from '../../connection/session.ts'
import { endsOf } from './shown.ts'
import type { Shown } from './shown.ts'
import { oneIn, writeOne } from './write-one.ts'
import { changesIn, feedKeys, indexesOf, movedEnd, shownToken, textToAdd, textToPut } from './written.ts'

/** With the length of a lease, if one is kept beside the feed that the step has written. */
const OUTCOME = /^(?:written(?: [1-9]\d*)?|changed|late)$/

/**
 * Writes a decision in one step, and compares everything shown. On one server the step announces it as well. On Cluster
 * the feed is on another node, and the records remember the announcement they owe.
 *
 * @param giveUpAt Returns an instant of this process' monotonic clock: Redis adds no token from then on.
 * @returns Whether it was written: false if anything has changed meanwhile.
 */
export async function writeDecision(
  session: Session,
  shown: Shown,
  decision: Decision<unknown>,
  giveUpAt: () => number,
): Promise<boolean> {
  const one = oneIn(decision, shown)
  const writing =
    one === null ? writeMore(session, shown, decision, giveUpAt) : writeOne(session, shown, decision, one, giveUpAt)
  const outcome = textIn(await writing, OUTCOME)
  const [word, leaseMs = 0] = outcome.split(' ')
  session.leases.meet(Number(leaseMs))
  if (word !== 'late') return word === 'written'
  session.clocks.forget(shardOf(shown.owner))
  throw lateError()
}

async function writeMore(
  session: Session,
  shown: Shown,
  decision: Decision<unknown>,
  giveUpAt: () => number,
): Promise<unknown> {
  const { keys, isCluster, change, feedLimits } = session
  const { owner, wanted, tokens, keptUntil, counts } = shown
  const { put = [], add = [], keep } = decision
  const { stem, digests } = keys.ofOwner(owner)
  const { key } = wanted
  const names = [digests, ...feedKeys(session)]
  const texts: Argument[] = []
  if (key !== null) {
    const { requests, expiries } = keys.ofPrefix(owner, prefixOfKey(key))
    names.push(requests, expiries)
    texts.push(fieldOf(key), shown.kept)
  }
  const indexes = indexesOf(session, shown, decision)
  names.push(...indexes, ...endsOf(keys, owner, wanted))
  if (keep !== undefined) texts.push(writeKept(keep))
  const isGrowing = add.length > 0
  const facts = {
    stem,
    isCluster,
    feedLimits: feedLimits(),
    indexes: indexes.length,
    counts: [...counts].flatMap(([instant, count]) => [String(instant), count]),
    shown: [...tokens].flatMap(([id, token]) => [escapeText(id), token?.version ?? '']),
    put: put.map((record) => putFacts(session, record, shown, decision, texts)),
    add: add.map((record) => addFacts(session, record, shown, texts)),
    changes: changesIn(session, shown, decision),
    keptUntil: key === null ? undefined : keptUntil,
    keep: keep && keepFacts(keep, shown),
    // Nobody would have the secret of a token that is added after its caller gave up.
    span: isGrowing ? await session.clocks.spanFor(shardOf(owner), giveUpAt()) : undefined,
  }
  const [writing, adding] = key === null ? [WRITE, WRITE_MORE] : [WRITE_KEYED, WRITE_MORE_KEYED]
  return change(isGrowing ? adding : writing, names, [JSON.stringify(facts), ...texts])
}

export function writesAnything({ put = [], add = [], keep }: Decision<unknown>): boolean {
  return put.length > 0 || add.length > 0 || keep !== undefined
}

/** Whether the step that wrote a decision has announced it as well. */
export function isAnnounced({ isCluster }: Session, decision: Decision<unknown>): boolean {
  return isCluster === '0' && writesAnything(decision)
}

/** Whether everything in a decision is already there: an earlier answer of this very write was lost. */
export function isWritten(decision: Decision<unknown>, { tokens, kept }: Pick<Shown, 'tokens' | 'kept'>): boolean {
  const { put = [], add = [], keep } = decision
  const isThere = (record: TokenRecord) => {
    const token = tokens.get(record.id)
    return token?.record.digest === record.digest && textApartFromUses(token.record) === textApartFromUses(record)
  }
  // A new token has a digest of its own, and stands for all that was written with it.
  if (add.length > 0) return add.every(({ id, digest }) => tokens.get(id)?.record.digest === digest)
  const isKept = keep === undefined || kept.toString() === writeKept(keep)
  return writesAnything(decision) && isKept && put.every(isThere)
}

/** A use may have been recorded since. */
function textApartFromUses(record: TokenRecord): string {
  return writeRecord({ ...record, lastUsedAt: null })
}

/** @param texts Takes the arguments of their own. */
function putFacts(
  session: Session,
  record: TokenRecord,
  shown: Shown,
  decision: Decision<unknown>,
  texts: Argument[],
): object {
  const former = shownToken(shown, record)
  const isMoved = record.digest !== former.record.digest
  if (isMoved) texts.push(packDigest(record.digest))
  texts.push(textToPut(session, record, former, decision))
  const [end, ends] = movedEnd(session, record, former)
  return { id: escapeText(record.id), isMoved, endsAt: end, ends }
}

/** @param texts Takes the arguments of their own. */
function addFacts({ keys }: Session, record: TokenRecord, shown: Shown, texts: Argument[]): object {
  texts.push(packDigest(record.digest), textToAdd(record, shown))
  const { ends, created } = keys.ofPrefix(record.owner, record.prefix)
  return { id: escapeText(record.id), endsAt: endsAt(record), ends, createdAt: record.createdAt, created }
}

function keepFacts({ expiresAt, limit }: Kept, { wanted, seen }: Shown): object {
  const [keysAt = 0] = wanted.keysAt
  return { expiresAt, limit, now: Math.min(keysAt, seen.latest ?? keysAt) }
}
