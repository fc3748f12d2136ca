import { randomInt } from 'node:crypto'
import type { ChangeFeed, Changes } from '@tessera/core'
import type { Argument } from './client.ts'
import { escapeText, expandText } from './compact-text.ts'
import { APPEND_CHANGES, OPEN_FEED, READ_CHANGES, READ_REVISION } from './scripts/feed.ts'
import type { Session } from './session.ts'
import { groupsIn, listIn, noneIn, textIn } from './reply.ts'

const RELATION = /^(?:since|reset)$/
const FIELD = /^[do]$/
const REVISION = /^(?:0|[1-9]\d{0,14})-[1-9]\d{0,14}$/

/** A revision, and the history of the server that told it. */
interface Told {
  readonly revision: string
  readonly history: string
}

/**
 * What changed, in a log whose entries have the revisions as ids. The feed lives in a slot of its own: a change
 * is written to the record first and told of here afterwards.
 *
 * To its readers a revision also names the histories of the servers, as in `1-265420487008015.nWJq0b3kT2xF`: a failover may
 * lose a token that was issued, and no change tells of that. Each reading brings the history of the feed's own server, also
 * where the client did not notice that another one answers. Those of other nodes are at most about a second old.
 */
export function createChangeFeed(session: Session): ChangeFeed {
  const { operate, histories } = session
  const nameOf = (revision: string, history: string) => `${revision}.${histories.nameWith(history)}`
  return {
    async revision() {
      histories.lookAgain()
      const { revision, history } = await operate('read the revision of its changes', () => readRevision(session))
      return nameOf(revision, history)
    },
    async changesSince(since) {
      const [revision = ''] = since.split('.', 1)
      const { history, ...changes } = await operate('read its changes', () => readChanges(session, revision))
      const isKnown = since === nameOf(revision, history)
      return { ...(isKnown ? changes : { digests: 'reset' }), revision: nameOf(changes.revision, history) }
    },
  }
}

/** Adds digests to the feed, each as a change of its own. */
export async function announce(session: Session, digests: readonly string[]): Promise<void> {
  if (digests.length === 0) return
  await append(
    session,
    digests.flatMap((digest) => [nonce(), 'd', digest]),
  )
}

/** Adds one change to the feed that stands for all tokens of an owner. */
export function announceOwner(session: Session, owner: string): Promise<void> {
  return append(session, [nonce(), 'o', escapeText(owner)])
}

async function append({ change, keys, changesKept }: Session, entries: readonly Argument[]): Promise<void> {
  const { revision, log } = keys.feed
  // One entry more than the changes kept: the one where the reader who needs them all stands.
  noneIn(await change(APPEND_CHANGES, [revision, log], [changesKept + 1, ...entries]))
}

async function readRevision({ read, change, keys, histories }: Session): Promise<Told> {
  const { revision, log } = keys.feed
  const { reply, history } = await read(READ_REVISION, [revision], [])
  histories.meet(history)
  const newest = reply ?? (await change(OPEN_FEED, [revision, log], [nonce()]))
  return { revision: textIn(newest, REVISION), history }
}

async function readChanges(session: Session, since: string): Promise<Changes & Told> {
  const { read, keys, histories } = session
  const { revision, log } = keys.feed
  const { reply, history } = await read(READ_CHANGES, [revision, log], [REVISION.test(since) ? since : ''])
  if (reply === null) return { ...(await readRevision(session)), digests: 'reset' }
  histories.meet(history)
  const [newest, relation, ...entries] = listIn(reply)
  const told = { revision: textIn(newest, REVISION), history }
  return textIn(relation, RELATION) === 'reset' ? { ...told, digests: 'reset' } : { ...told, ...changedIn(entries) }
}

function changedIn(entries: readonly unknown[]): Omit<Changes, 'revision'> {
  const [digests, owners]: [string[], string[]] = [[], []]
  for (const [field, text] of groupsIn(entries, 2)) {
    if (textIn(field, FIELD) === 'd') digests.push(textIn(text))
    else owners.push(expandText(textIn(text)))
  }
  return owners.length > 0 ? { digests, owners } : { digests }
}

/** Random, so that a history which was lost and written over is another one. */
export function nonce(): number {
  return randomInt(1, 2 ** 48 - 1)
}
