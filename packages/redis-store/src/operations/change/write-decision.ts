import { createHash } from 'node:crypto'
import { prefixOfKey, shardOf } from '@tessera/core'
import type { Decision, Kept, TokenRecord } from '@tessera/core'
import type { Argument } from '../../client/client.ts'
import { entriesOf } from '../change-feed.ts'
import { escapeText } from '../../text/compact-text.ts'
import { endsAt } from '../../text/ends-at.ts'
import { fieldOf } from '../../text/idempotency.ts'
import { writeKept } from '../../text/kept-text.ts'
import { packDigest } from '../../text/packed-digest.ts'
import { writeRecord } from '../../text/record-text.ts'
import { textIn } from '../../text/reply.ts'
import { WRITE, WRITE_KEYED, WRITE_MORE, WRITE_MORE_KEYED, WRITE_ONE } from '../../scripts/write.ts'
import { lateError } from '../../connection/server-clocks.ts'
import type { Session } from '../../connection/session.ts'
import { endsOf } from './shown.ts'
import type { Shown, ShownToken } from './shown.ts'

const OUTCOME = /^(?:written|changed|late)$/

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
  const record = onlyRecordOf(decision, shown)
  const writing =
    record === null ? writeMore(session, shown, decision, giveUpAt) : writeOne(session, shown, record, decision)
  const outcome = textIn(await writing, OUTCOME)
  if (outcome !== 'late') return outcome === 'written'
  session.clocks.forget(shardOf(shown.owner))
  throw lateError()
}

/** The record that a decision puts if it does nothing else, and was shown nothing else. */
function onlyRecordOf({ put = [], add = [], keep }: Decision<unknown>, { tokens, wanted }: Shown): TokenRecord | null {
  const [record] = put
  const isLone = put.length === 1 && add.length === 0 && keep === undefined && tokens.size === 1
  if (record === undefined || !isLone || wanted.key !== null || wanted.instants.length > 0) return null
  return tokens.get(record.id)?.record.digest === record.digest ? record : null
}

function writeOne(session: Session, shown: Shown, record: TokenRecord, decision: Decision<unknown>): Promise<unknown> {
  const { keys, isCluster, change, changesKept } = session
  const { stem, digests } = keys.ofOwner(shown.owner)
  const former = shownToken(shown, record)
  const [endsAt, ends] = movedEnd(session, record, former)
  const args = [stem, isCluster, escapeText(record.id), former.version, textToPut(session, record, former, decision)]
  return change(
    WRITE_ONE,
    [digests, ...feedKeys(session), ...(isCluster === '1' && ends !== '' ? [ends] : [])],
    [...args, endsAt, ends, changesKept + 1, ...changesIn(session, shown, decision)],
  )
}

async function writeMore(
  session: Session,
  shown: Shown,
  decision: Decision<unknown>,
  giveUpAt: () => number,
): Promise<unknown> {
  const { keys, isCluster, change, changesKept } = session
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
  const indexes = isCluster === '1' ? indexesOf(session, shown, decision) : []
  names.push(...indexes, ...endsOf(keys, owner, wanted))
  if (keep !== undefined) texts.push(writeKept(keep))
  const isGrowing = add.length > 0
  const facts = {
    stem,
    isCluster,
    changesKept: changesKept + 1,
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

/**
 * The indexes in which a decision puts tokens. A cluster must know of them: while a slot moves, the server then refuses a
 * script of which one key is on the other node. It would else make the key once more on this one.
 */
function indexesOf(session: Session, shown: Shown, { put = [], add = [] }: Decision<unknown>): readonly string[] {
  const added = add.flatMap(({ owner, prefix }) => {
    const { ends, created } = session.keys.ofPrefix(owner, prefix)
    return [ends, created]
  })
  const moved = put.map((record) => movedEnd(session, record, shownToken(shown, record))[1])
  return [...new Set([...added, ...moved.filter((ends) => ends !== '')])]
}

/** Where a step announces what it writes; nowhere if the feed is on another node. */
function feedKeys({ isCluster, keys }: Session): readonly string[] {
  return isCluster === '1' ? [] : [keys.feed.revision, keys.feed.log]
}

/** The entries of the feed that a step writes. */
function changesIn({ isCluster }: Session, { owner }: Shown, { announce }: Decision<unknown>): readonly string[] {
  return isCluster === '1' ? [] : entriesOf(owner, announce)
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

/** The digests that a shown token owes once a decision about it is written. */
export function owedAfter(
  { isCluster }: Session,
  { record: { digest }, carried: { owed } }: ShownToken,
  { announce = [] }: Decision<unknown>,
): readonly string[] {
  const isOwing = isCluster === '1' && (announce === 'owner' || announce.includes(digest)) && !owed.includes(digest)
  return isOwing ? [...owed, digest] : owed
}

/** The version of a record, see `ShownToken`, once a decision is written. */
export function versionAfter(...put: Parameters<typeof textToPut>): string {
  const [, { digest }] = put
  return createHash('sha1')
    .update(packDigest(digest))
    .update(textToPut(...put))
    .digest('hex')
}

function textToPut(session: Session, record: TokenRecord, former: ShownToken, decision: Decision<unknown>): string {
  return writeRecord(record, { owed: owedAfter(session, former, decision), unknown: former.carried.unknown }, former)
}

function shownToken({ tokens }: Shown, { id }: TokenRecord): ShownToken {
  const token = tokens.get(id)
  if (token === null || token === undefined) throw new Error('a step puts a token that it was not shown')
  return token
}

/** The end of a token and the key for it, if that is another one now. */
function movedEnd(
  { keys }: Session,
  record: TokenRecord,
  former: ShownToken,
): readonly [endsAt: string | number, ends: string] {
  const end = endsAt(record)
  return end === endsAt(former.record) ? ['', ''] : [end, keys.ofPrefix(record.owner, record.prefix).ends]
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

/**
 * A successor has its predecessor's unknown facts: they may restrict its use.
 *
 * @param texts Takes the arguments of their own.
 */
function addFacts({ keys }: Session, record: TokenRecord, { tokens }: Shown, texts: Argument[]): object {
  const unknown = tokens.get(record.rotatedFrom ?? '')?.carried.unknown ?? ''
  texts.push(packDigest(record.digest), writeRecord(record, { owed: [], unknown }))
  const { ends, created } = keys.ofPrefix(record.owner, record.prefix)
  return { id: escapeText(record.id), endsAt: endsAt(record), ends, createdAt: record.createdAt, created }
}

function keepFacts({ expiresAt, limit }: Kept, { wanted, seen }: Shown): object {
  const [keysAt = 0] = wanted.keysAt
  return { expiresAt, limit, now: Math.min(keysAt, seen.latest ?? keysAt) }
}
