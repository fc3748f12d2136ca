import type { Decision } from '@tessera/core'
import { entriesOf } from '../change-feed.ts'
import { escapeText } from '../../text/compact-text.ts'
import { noneIn } from '../../text/reply.ts'
import { FORGET_OWED } from '../../scripts/forget-owed.ts'
import type { Session } from '../../connection/session.ts'
import type { Announce } from './announce.ts'
import type { Shown } from './shown.ts'
import { isAnnounced } from './write-decision.ts'
import { owedAfter, versionAfter } from './written.ts'

/**
 * Whether anything is still to be announced once a decision is written.
 *
 * @param isAgain Whether the reply to the writing was lost. Then it is announced again: the length of a lease is in that reply.
 */
export function owesAnything(
  session: Session,
  { tokens }: Shown,
  decision: Decision<unknown>,
  isAgain: boolean,
): boolean {
  if (isAgain || !isAnnounced(session, decision)) return true
  for (const token of tokens.values()) if (token !== null && token.carried.owed.length > 0) return true
  return false
}

/**
 * Announces a decision, and everything the shown tokens still owe. Then their records forget it, and nobody waits for
 * this: a debt left behind is announced once more. A record just written goes on owing its own digest: to forget this is
 * a step that most tokens, once changed, never need.
 */
export async function announceDecision(
  session: Session,
  announce: Announce,
  { owner, tokens }: Shown,
  decision: Decision<unknown>,
  isAgain: boolean,
): Promise<void> {
  const announcement = isAnnounced(session, decision) && !isAgain ? [] : (decision.announce ?? [])
  const owed = [...tokens.values()].flatMap((token) => token?.carried.owed ?? [])
  // An owner stands for all of the owner's digests.
  const all = announcement === 'owner' ? announcement : [...new Set([...announcement, ...owed])]
  if (all.length === 0) return
  await announce(entriesOf(owner, all))
  const paid = paidBy(session, tokens, decision)
  if (paid.length > 0) forgetOwed(session, owner, paid.flat())
}

/** The tokens that are to forget what they owe, each with the version of its record as this step left it. */
function paidBy(
  session: Session,
  tokens: Shown['tokens'],
  decision: Decision<unknown>,
): readonly (readonly [id: string, version: string])[] {
  const put = new Map(decision.put?.map((record) => [record.id, record]))
  return [...tokens].flatMap(([id, token]) => {
    if (token === null) return []
    const record = put.get(id)
    const owed = record === undefined ? token.carried.owed : owedAfter(session, token, decision)
    if (owed.every((digest) => digest === record?.digest)) return []
    const version = record === undefined ? token.version : versionAfter(session, record, token, decision)
    return [[escapeText(id), version] as const]
  })
}

/** Only records that nobody has changed since: a later change owes its own announcement. */
function forgetOwed({ keys, isCluster, run }: Session, owner: string, pairs: readonly string[]): void {
  const { stem, digests } = keys.ofOwner(owner)
  run(FORGET_OWED, [digests], [stem, isCluster, ...pairs])
    .then(noneIn)
    .catch(() => undefined)
}
