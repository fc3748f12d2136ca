import { createHash } from 'node:crypto'
import type { Decision, TokenRecord } from '@tessera/core'
import type { Session } from '../../connection/session.ts'
import { endsAt } from '../../text/ends-at.ts'
import { packDigest } from '../../text/packed-digest.ts'
import { writeRecord } from '../../text/record-text.ts'
import { entriesOf } from '../change-feed.ts'
import type { Shown, ShownToken } from './shown.ts'

/**
 * The indexes in which a decision puts tokens, on a cluster. That must know of them: while a slot moves, the server then refuses a
 * script of which one key is on the other node. It would else make the key once more on this one.
 */
export function indexesOf(
  session: Session,
  shown: Shown,
  { put = [], add = [] }: Decision<unknown>,
): readonly string[] {
  if (session.isCluster === '0') return []
  const added = add.flatMap(({ owner, prefix }) => {
    const { ends, created } = session.keys.ofPrefix(owner, prefix)
    return [ends, created]
  })
  const moved = put.map((record) => movedEnd(session, record, shownToken(shown, record))[1])
  return [...new Set([...added, ...moved.filter((ends) => ends !== '')])]
}

/** Where a step announces what it writes; nowhere if the feed is on another node. */
export function feedKeys({ isCluster, keys }: Session): readonly string[] {
  return isCluster === '1' ? [] : [keys.feed.revision, keys.feed.log, keys.feed.lease]
}

/** The entries of the feed that a step writes. */
export function changesIn(
  { isCluster }: Session,
  { owner }: Shown,
  { announce }: Decision<unknown>,
): readonly string[] {
  return isCluster === '1' ? [] : entriesOf(owner, announce)
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

export function textToPut(
  session: Session,
  record: TokenRecord,
  former: ShownToken,
  decision: Decision<unknown>,
): string {
  return writeRecord(record, { owed: owedAfter(session, former, decision), unknown: former.carried.unknown }, former)
}

export function shownToken({ tokens }: Shown, { id }: TokenRecord): ShownToken {
  const token = tokens.get(id)
  if (token === null || token === undefined) throw new Error('a step puts a token that it was not shown')
  return token
}

/** The end of a token and the key for it, if that is another one now. */
export function movedEnd(
  { keys }: Session,
  record: TokenRecord,
  former: ShownToken,
): readonly [endsAt: string | number, ends: string] {
  const end = endsAt(record)
  return end === endsAt(former.record) ? ['', ''] : [end, keys.ofPrefix(record.owner, record.prefix).ends]
}

/** The text of a new record. A successor has its predecessor's unknown facts: they may restrict its use. */
export function textToAdd(record: TokenRecord, { tokens }: Shown): string {
  return writeRecord(record, { owed: [], unknown: tokens.get(record.rotatedFrom ?? '')?.carried.unknown ?? '' })
}
