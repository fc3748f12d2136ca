import { randomInt } from 'node:crypto'
import type { ChangeFeed, Changes } from '@tessera/core'
import type { Argument } from './client.ts'
import { escapeText, expandText } from './compact-text.ts'
import { APPEND_CHANGES, OPEN_FEED, READ_CHANGES } from './scripts/feed.ts'
import type { Session } from './session.ts'
import { groupsIn, listIn, noneIn, textIn } from './reply.ts'

const RELATION = /^(?:since|reset)$/
const FIELD = /^[do]$/
const REVISION = /^(?:0|[1-9]\d{0,14})-[1-9]\d{0,14}$/

/**
 * What changed, in a log whose entries have the revisions as ids. The feed lives in a slot of its own: a change
 * is written to the record first and told of here afterwards.
 *
 * To its readers a revision also names the histories of the servers, as in `1-265420487008015.nWJq0b3kT2xF`: a failover may
 * lose a token that was issued, and no change tells of that.
 */
export function createChangeFeed(session: Session): ChangeFeed {
  const { operate, history } = session
  const told = (revision: string) => `${revision}.${history()}`
  return {
    async revision() {
      return told(await operate('read the revision of its changes', () => readRevision(session)))
    },
    async changesSince(since) {
      const [revision = ''] = since.split('.', 1)
      const changes = await operate('read its changes', () => readChanges(session, revision))
      const isKnown = since === told(revision)
      return { ...(isKnown ? changes : { digests: 'reset' }), revision: told(changes.revision) }
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

async function readRevision({ send, change, keys }: Session): Promise<string> {
  const { revision, log } = keys.feed
  const newest = await send('get', [revision])
  return textIn(newest ?? (await change(OPEN_FEED, [revision, log], [nonce()])), REVISION)
}

async function readChanges(session: Session, since: string): Promise<Changes> {
  const { revision, log } = session.keys.feed
  const reply = await session.run(READ_CHANGES, [revision, log], [REVISION.test(since) ? since : ''])
  if (reply === null) return { revision: await readRevision(session), digests: 'reset' }
  const [newest, relation, ...entries] = listIn(reply)
  const changes = { revision: textIn(newest, REVISION) }
  return textIn(relation, RELATION) === 'reset'
    ? { ...changes, digests: 'reset' }
    : { ...changes, ...changedIn(entries) }
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
