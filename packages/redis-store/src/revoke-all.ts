import type { BulkRevocation, RevokeAllOutcome } from '@tessera/core'
import type { Argument } from './client.ts'
import { compactText, escapeText } from './compact-text.ts'
import { requestArguments } from './idempotency.ts'
import { writeInstant } from './record-text.ts'
import { listOf, textOf } from './reply.ts'
import { REQUEST_FOR_MANY } from './scripts/requests.ts'
import { REVOKE_SOME } from './scripts/revoke-some.ts'
import type { Session } from './session.ts'
import { tell } from './tell.ts'

const OPERATION = "revoke an owner's tokens"
const MOST_IN_STEP = 200

/**
 * Goes over the owner's tokens by creation, in steps that do not hold up the server. Each revoked token remembers that the
 * feed is to be told of it until it was, so that a call which failed between is made good by the next.
 */
export async function revokeAllTokens(
  session: Session,
  owner: string,
  selection: BulkRevocation,
): Promise<RevokeAllOutcome> {
  const decided = await decideByKey(session, owner, selection, null)
  if (decided !== null) return decided
  let revoked = 0
  for (let place: Place = []; place !== null; ) {
    const from: readonly Argument[] = place
    const step = await session.operate(OPERATION, () => revokeSome(session, owner, selection, from))
    revoked += step.revoked
    place = step.next
  }
  const kept = await decideByKey(session, owner, selection, revoked)
  return kept?.outcome === 'replayed' ? kept : { outcome: 'done', revoked }
}

/** The last token of a step and its instant; nothing before the first step, `null` behind the last. */
type Place = readonly Argument[] | null

async function revokeSome(
  session: Session,
  owner: string,
  { at, reason, exceptId, issuedBefore, scope, lastUsedBefore }: BulkRevocation,
  place: readonly Argument[],
): Promise<{ readonly revoked: number; readonly next: Place }> {
  const { stem, created, digests, ends } = session.keys.ofOwner(owner)
  const selected = [
    exceptId === null ? '' : `=${escapeText(exceptId)}`,
    writeInstant(issuedBefore),
    scope === null ? '' : `\n${compactText(scope)}\n`,
    writeInstant(lastUsedBefore ?? null),
  ]
  const args = [stem, session.isCluster, writeInstant(at), escapeText(reason), ...selected, MOST_IN_STEP, ...place]
  const [revoked, lastId, lastInstant, ...pairs] = listOf(
    await session.change(REVOKE_SOME, [created, digests, ends], args),
  )
  const texts = pairs.map(textOf)
  const remembered = texts.flatMap((id, index) => (index % 2 === 0 ? [{ id, digests: texts[index + 1] ?? '' }] : []))
  await tell(session, owner, remembered.map((each) => each.digests).join(''), remembered)
  return { revoked: Number(revoked), next: lastId === null ? null : [textOf(lastId), textOf(lastInstant)] }
}

/**
 * Claims the key, or gives it the answer.
 *
 * @returns What was decided before; `null` where there is no key, or nothing was.
 */
async function decideByKey(
  { operate, change, keys }: Session,
  owner: string,
  { at, idempotency }: BulkRevocation,
  revoked: number | null,
): Promise<Exclude<RevokeAllOutcome, { outcome: 'done' }> | null> {
  if (idempotency === null) return null
  const args = [writeInstant(at), revoked ?? '', ...requestArguments(idempotency)]
  const reply = await operate(OPERATION, () => change(REQUEST_FOR_MANY, [keys.ofOwner(owner).requests], args))
  const [outcome, count] = listOf(reply)
  switch (textOf(outcome)) {
    case 'idempotency_conflict':
      return { outcome: 'idempotency_conflict' }
    case 'replayed':
      return { outcome: 'replayed', revoked: Number(count) }
    default:
      return null
  }
}
