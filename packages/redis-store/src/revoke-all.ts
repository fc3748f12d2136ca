import type { BulkRevocation, RevokeAllOutcome } from '@tessera/core'
import { nonce } from './change-feed.ts'
import { checkClock } from './check-clock.ts'
import type { Argument } from './client.ts'
import { compactText, escapeText } from './compact-text.ts'
import { storeErrorOf } from './failure.ts'
import { requestArguments, requestKeys } from './idempotency.ts'
import { writeInstant } from './instant-text.ts'
import { countIn, groupsIn, hexDigestsIn, listIn, textIn, unexpectedReply } from './reply.ts'
import { REQUEST_FOR_MANY } from './scripts/requests.ts'
import { REVOKE_SOME } from './scripts/revoke-some.ts'
import type { Session } from './session.ts'
import { tell, tellOfOwner } from './tell.ts'
import type { Remembered } from './tell.ts'

const OPERATION = "revoke an owner's tokens"
/** How many tokens a step takes. */
const MOST = 200
/** From so many untold tokens on, the owner has a mark. */
const MOST_TOLD_SINGLY = 200

/**
 * Goes over the owner's tokens by creation, in steps that do not hold up the server, and tells the change feed when all are
 * revoked: of each token if they are few, else of the owner.
 *
 * What the feed is to be told of is remembered with the revocation, until it was told, so that a call which failed between
 * is made good by the next. Few tokens remember it themselves. For more the owner has a mark, which nobody needs to take
 * away from each of them.
 */
export async function revokeAllTokens(
  session: Session,
  owner: string,
  selection: BulkRevocation,
): Promise<RevokeAllOutcome> {
  // A clock that runs ahead would take tokens that are in use for unused.
  if (selection.lastUsedBefore !== undefined) await checkClock(session, OPERATION, selection.at)
  const decided = await decideByKey(session, owner, selection, null)
  if (decided !== null) return decided
  const untold: Untold[] = []
  let [revoked, mark, hasGaps] = [0, '', false]
  for (let place: Place = []; place !== null; ) {
    const from: readonly Argument[] = place
    const newMark = untold.length < MOST_TOLD_SINGLY ? '' : nonce()
    const step = await session.operate(OPERATION, () => revokeSome(session, owner, selection, [newMark, MOST, ...from]))
    revoked += step.revoked
    untold.push(...step.untold)
    mark = step.mark
    hasGaps = step.hasGaps
    place = step.next
  }
  await tellOfMany(session, owner, untold, mark)
  if (hasGaps) throw storeErrorOf(OPERATION, new Error("the owner's indexes have gaps: a token may be missed"))
  const kept = await decideByKey(session, owner, selection, revoked)
  return kept?.outcome === 'replayed' ? kept : { outcome: 'done', revoked }
}

/** The last token of a step and its instant; nothing before the first step, `null` behind the last. */
type Place = readonly Argument[] | null

type Untold = Remembered[number]

interface Step {
  readonly revoked: number
  readonly next: Place
  /** Whether an index lacks tokens, whose records may be there. */
  readonly hasGaps: boolean
  readonly mark: string
  readonly untold: Remembered
}

async function revokeSome(
  session: Session,
  owner: string,
  { at, reason, exceptId, issuedBefore, scope, lastUsedBefore }: BulkRevocation,
  how: readonly Argument[],
): Promise<Step> {
  const { stem, created, digests, ends } = session.keys.ofOwner(owner)
  const selected = [
    exceptId === null ? '' : `=${escapeText(exceptId)}`,
    writeInstant(issuedBefore),
    scope === null ? '' : `\n${compactText(scope)}\n`,
    writeInstant(lastUsedBefore ?? null),
  ]
  const args = [stem, session.isCluster, writeInstant(at), escapeText(reason), ...selected, ...how]
  const [revoked, lastId, lastInstant, hasGaps, mark, ...pairs] = listIn(
    await session.change(REVOKE_SOME, [created, digests, ends], args),
  )
  const isLast = lastId === null && lastInstant === null
  return {
    revoked: countIn(revoked),
    hasGaps: countIn(hasGaps) > 0,
    next: isLast ? null : [textIn(lastId), textIn(lastInstant)],
    mark: mark === null ? '' : textIn(mark),
    untold: groupsIn(pairs, 2).map(([token, hexes]) => ({ id: textIn(token), digests: hexDigestsIn(hexes) })),
  }
}

/** A mark stands for any token of the owner, so for those that remember it themselves, too. */
async function tellOfMany(session: Session, owner: string, untold: readonly Untold[], mark: string): Promise<void> {
  if (mark !== '') await session.operate(OPERATION, () => tellOfOwner(session, owner, mark))
  for (let start = 0; start < untold.length; start += MOST) {
    const some = untold.slice(start, start + MOST)
    const digests = mark === '' ? some.map((each) => each.digests).join('') : ''
    await session.operate(OPERATION, () => tell(session, owner, digests, some))
  }
}

/**
 * Claims the key, or gives it the answer.
 *
 * @returns What was decided before; `null` where there is no key, or nothing was.
 */
async function decideByKey(
  { operate, change, keys, clockToleranceMs }: Session,
  owner: string,
  { at, idempotency }: BulkRevocation,
  revoked: number | null,
): Promise<Exclude<RevokeAllOutcome, { outcome: 'done' }> | null> {
  if (idempotency === null) return null
  const args = [writeInstant(at), revoked ?? '', ...requestArguments(idempotency, clockToleranceMs)]
  const requested = requestKeys(keys.ofOwner(owner), idempotency)
  return operate(OPERATION, async () => decisionIn(await change(REQUEST_FOR_MANY, requested, args)))
}

function decisionIn(reply: unknown): Exclude<RevokeAllOutcome, { outcome: 'done' }> | null {
  const [outcome, count] = listIn(reply)
  switch (textIn(outcome)) {
    case 'idempotency_conflict':
      return { outcome: 'idempotency_conflict' }
    case 'idempotency_limit_reached':
      return { outcome: 'idempotency_limit_reached' }
    case 'replayed':
      return { outcome: 'replayed', revoked: countIn(count) }
    case 'claimed':
    case 'kept':
      return null
    default:
      throw unexpectedReply('what became of a request')
  }
}
