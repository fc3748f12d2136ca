import type { Change, ChangeOutcome, Edit, Revocation } from '@tessera/core'
import type { Argument } from './client.ts'
import { compactText, escapeText } from './compact-text.ts'
import { packDigest } from './packed-digest.ts'
import { writeInstant } from './instant-text.ts'
import { writeScopes } from './record-text.ts'
import { hexDigestsIn, listIn, textIn, unexpectedReply } from './reply.ts'
import { RESUME, REVOKE, SUSPEND } from './scripts/change-standing.ts'
import { EDIT } from './scripts/edit.ts'
import { REKEY } from './scripts/rekey.ts'
import type { Script } from './scripts/script.ts'
import type { Session } from './session.ts'
import { takeStep } from './take-step.ts'
import type { Step } from './take-step.ts'
import { tell } from './tell.ts'

type ChangeToken<Wish extends Change> = (
  session: Session,
  owner: string,
  id: string,
  wish: Wish,
) => Promise<ChangeOutcome>

export const revokeToken: ChangeToken<Revocation> = (session, owner, id, revocation) =>
  changeToken(session, REVOKE, { owner, id, change: revocation, wishes: [escapeText(revocation.reason), '', ''] })

export const suspendToken: ChangeToken<Change> = (session, owner, id, change) =>
  changeToken(session, SUSPEND, { owner, id, change, wishes: ['', '', ''] })

export const resumeToken: ChangeToken<Change> = (session, owner, id, change) =>
  changeToken(session, RESUME, { owner, id, change, wishes: ['', '', ''] })

export const editToken: ChangeToken<Edit> = (session, owner, id, edit) => {
  const { name, scopes } = edit
  const [from, to] = scopes === null ? ['', ''] : [`=${writeScopes(scopes.from)}`, `=${writeScopes(scopes.to)}`]
  const wishes = [name === null ? '' : `=${compactText(name)}`, from, to]
  return changeToken(session, EDIT, { owner, id, change: edit, wishes })
}

/**
 * Keeps a token under another digest. The record remembers the one left behind until the change feed has told of it, so
 * that whoever repeats this, or changes the token, tells of it too.
 */
export async function rekeyToken(session: Session, owner: string, id: string, digest: string): Promise<void> {
  const { stem, digests } = session.keys.ofOwner(owner)
  const escapedId = escapeText(id)
  const args = [stem, session.isCluster, escapedId, packDigest(digest)]
  const [outcome, hexes] = listIn(await session.change(REKEY, [digests], args))
  if (textIn(outcome, /^(?:left|not_found)$/) === 'not_found') return
  const left = hexDigestsIn(hexes)
  if (left !== '') await tell(session, owner, left, [{ id: escapedId, digests: left }])
}

interface ChangeCall {
  readonly owner: string
  readonly id: string
  readonly change: Change
  readonly wishes: readonly Argument[]
}

async function changeToken(
  session: Session,
  script: Script,
  { owner, id, change: { at, idempotency }, wishes }: ChangeCall,
): Promise<ChangeOutcome> {
  const { digests, ends } = session.keys.ofOwner(owner)
  const call = { script, keys: [digests, ends], owner, id, wishes: [writeInstant(at), ...wishes], idempotency }
  return outcomeOf(await takeStep(session, call))
}

function outcomeOf({ outcome, records: [record] }: Step): ChangeOutcome {
  switch (outcome) {
    case 'idempotency_conflict':
    case 'idempotency_limit_reached':
    case 'not_found':
      return { outcome }
    case 'done':
    case 'replayed':
    case 'not_allowed':
    case 'outdated':
      if (record !== undefined) return { outcome, record }
  }
  throw unexpectedReply('the outcome of a change')
}
