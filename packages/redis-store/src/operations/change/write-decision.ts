import { createHash } from 'node:crypto'
import { prefixOfKey, shardOf } from '@tessera/core'
import type { Decision, Kept, TokenRecord, Wants } from '@tessera/core'
import type { Argument } from '../../client/client.ts'
import { entriesOf } from '../change-feed.ts'
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
import type { Shown, ShownToken } from './shown.ts'

const OUTCOME = /^(?:written|changed|late)$/

/**
 * Writes a decision in one step, and compares everything shown. On one server the step announces it as well. On Cluster
 * the feed is on another node, and the records remember the announcement they owe.
 *
 * @param giveUpAt By this process' monotonic clock: Redis adds no token from then on.
 * @returns Whether it was written: false if anything has changed meanwhile.
 */
export async function writeDecision(
  session: Session,
  owner: string,
  wants: Wants,
  shown: Shown,
  decision: Decision<unknown>,
  giveUpAt: number,
): Promise<boolean> {
  const { keys, isCluster, change, changesKept } = session
  if (!writesAnything(decision)) return true
  const { put = [], add = [], keep } = decision
  const { stem, digests } = keys.ofOwner(owner)
  const { revision, log } = keys.feed
  const entries = isCluster === '1' ? [] : entriesOf(owner, decision.announce)
  const { key, active } = wants
  const names = isCluster === '1' ? [digests] : [digests, revision, log]
  if (key !== null) {
    const { requests, expiries } = keys.ofPrefix(owner, prefixOfKey(key))
    names.push(requests, expiries)
  }
  if (active !== undefined) names.push(...endsOf(keys, owner, active))
  // Nobody would have the secret of a token that is added after its caller gave up.
  const [from, till] = add.length > 0 ? await session.clocks.spanFor(shardOf(owner), giveUpAt) : ['', '']
  const { seen, tokens, kept, keptUntil } = shown
  const field = key === null ? '' : fieldOf(key)
  const args = [
    stem,
    isCluster,
    from,
    till,
    active?.at ?? '',
    seen.active ?? '',
    field,
    kept,
    keptUntil,
    changesKept + 1,
  ]
  args.push(tokens.size)
  for (const [id, token] of tokens) args.push(escapeText(id), token?.version ?? '')
  args.push(put.length)
  for (const record of put) args.push(...putArguments(session, record, shown, decision))
  args.push(add.length)
  for (const record of add) args.push(...addArguments(session, record, shown))
  args.push(...(keep === undefined ? [0] : [1, ...keepArguments(keep, wants, shown)]))
  args.push(entries.length, ...entries.flat())
  const [writing, adding] = key === null ? [WRITE, WRITE_MORE] : [WRITE_KEYED, WRITE_MORE_KEYED]
  const reply = await change(add.length > 0 ? adding : writing, names, args)
  const outcome = textIn(reply, OUTCOME)
  if (outcome !== 'late') return outcome === 'written'
  session.clocks.forget(shardOf(owner))
  throw lateError()
}

export function writesAnything({ put = [], add = [], keep }: Decision<unknown>): boolean {
  return put.length > 0 || add.length > 0 || keep !== undefined
}

/** Whether the step that wrote a decision has announced it as well. */
export function isAnnounced({ isCluster }: Session, decision: Decision<unknown>): boolean {
  return isCluster === '0' && writesAnything(decision)
}

/** Whether everything in a decision is already there: an earlier answer of this very write was lost. */
export function isWritten(decision: Decision<unknown>, { tokens, kept }: Shown): boolean {
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
  return isCluster === '1' && (announce === 'owner' || announce.includes(digest)) ? [...owed, digest] : owed
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
  return writeRecord(record, { owed: owedAfter(session, former, decision), unknown: former.carried.unknown })
}

function putArguments(
  session: Session,
  record: TokenRecord,
  { tokens }: Shown,
  decision: Decision<unknown>,
): readonly Argument[] {
  const former = tokens.get(record.id)
  if (former === null || former === undefined) throw new Error('a step puts a token that it was not shown')
  const text = textToPut(session, record, former, decision)
  const digest = record.digest === former.record.digest ? '' : packDigest(record.digest)
  const end = endsAt(record)
  if (end === endsAt(former.record)) return [escapeText(record.id), digest, text, '', '']
  return [escapeText(record.id), digest, text, end, session.keys.ofPrefix(record.owner, record.prefix).ends]
}

/** A successor has its predecessor's unknown facts: they may restrict its use. */
function addArguments({ keys }: Session, record: TokenRecord, { tokens }: Shown): readonly Argument[] {
  const unknown = tokens.get(record.rotatedFrom ?? '')?.carried.unknown ?? ''
  const text = writeRecord(record, { owed: [], unknown })
  const { ends, created } = keys.ofPrefix(record.owner, record.prefix)
  return [escapeText(record.id), packDigest(record.digest), text, endsAt(record), ends, record.createdAt, created]
}

function keepArguments(kept: Kept, { keysAt = 0 }: Wants, { seen }: Shown): readonly Argument[] {
  return [writeKept(kept), kept.expiresAt, Math.min(keysAt, seen.latest ?? keysAt), kept.limit ?? '']
}
