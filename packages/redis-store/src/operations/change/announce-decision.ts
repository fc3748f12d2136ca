import type { Decision } from '@tessera/core'
import { announce, entriesOf } from '../change-feed.ts'
import { escapeText } from '../../text/compact-text.ts'
import { writeDigests } from '../../text/record-text.ts'
import { noneIn } from '../../text/reply.ts'
import { FORGET_OWED } from '../../scripts/forget-owed.ts'
import type { Session } from '../../connection/session.ts'
import type { Shown } from './shown.ts'
import { isAnnounced } from './write-decision.ts'

/**
 * Announces a decision, and everything the shown tokens still owe. Then their records forget it, and nobody waits for
 * this: a debt left behind is announced once more.
 */
export async function announceDecision(
  session: Session,
  owner: string,
  { tokens }: Shown,
  decision: Decision<unknown>,
): Promise<void> {
  const { put = [], announce: announced } = decision
  const isDone = isAnnounced(session, decision)
  if (isDone && !owesAnything(tokens)) return
  const debts = [...tokens].flatMap(([id, token]) => (token === null ? [] : [{ id, owed: token.carried.owed }]))
  const owed = debts.flatMap((debt) => debt.owed)
  const entries = [...(isDone ? [] : entriesOf(owner, announced)), ...entriesOf(owner, owed)]
  if (entries.length === 0) return
  await announce(session, entries)
  const own = isDone || announced === 'owner' ? [] : (announced ?? [])
  const forgotten = debts.flatMap(({ id, owed: digests }) => {
    const digest = tokens.get(id)?.record.digest ?? ''
    const paid = put.some((record) => record.id === id) && own.includes(digest) ? [...digests, digest] : digests
    return paid.length === 0 ? [] : [[escapeText(id), writeDigests(paid)]]
  })
  if (forgotten.length > 0) forgetOwed(session, owner, forgotten.flat())
}

function owesAnything(tokens: Shown['tokens']): boolean {
  for (const token of tokens.values()) if (token !== null && token.carried.owed.length > 0) return true
  return false
}

function forgetOwed({ keys, isCluster, run }: Session, owner: string, pairs: readonly (string | Buffer)[]): void {
  const { stem, digests } = keys.ofOwner(owner)
  run(FORGET_OWED, [digests], [stem, isCluster, ...pairs])
    .then(noneIn)
    .catch(() => undefined)
}
