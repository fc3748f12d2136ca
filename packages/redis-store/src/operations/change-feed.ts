import { randomInt } from 'node:crypto'
import type { Announcement, ChangeFeed, Changes } from '@tessera/core'
import type { Session } from '../connection/session.ts'
import { OPEN_FEED, READ_CHANGES, READ_REVISION } from '../scripts/feed.ts'
import { escapeText, expandText } from '../text/compact-text.ts'
import { groupsIn, listIn, textIn } from '../text/reply.ts'

const RELATION = /^(?:since|reset)$/
const FIELD = /^[do]$/
const REVISION = /^(?:0|[1-9]\d{0,14})-[1-9]\d{0,14}$/

/** A revision, and the history of its server. */
interface FeedAnswer {
  readonly revision: string
  readonly history: string
}

/**
 * The change feed: a log with the revisions as ids of its entries. It has a slot of its own. A change is written to the
 * record first, and announced here afterwards.
 *
 * A revision also names the histories of the servers, as in `1-265420487008015.nWJq0b3kT2xF`: a failover may lose a new
 * token, and no change announces this loss. Each reading brings the history of the feed's own server, even if the
 * client did not notice a new one. Histories of other nodes are at most about a second old.
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

/**
 * The entries of an announcement, one for each digest or one for the owner, as scripts take them: a nonce, then `d` and the
 * digest, or `o` and the owner.
 */
export function entriesOf(owner: string, announcement: Announcement = []): readonly string[] {
  if (announcement === 'owner') return [nonce(), 'o', escapeText(owner)]
  const entries: string[] = []
  for (const digest of announcement) entries.push(nonce(), 'd', digest)
  return entries
}

async function readRevision({ read, change, keys, histories }: Session): Promise<FeedAnswer> {
  const { revision, log } = keys.feed
  const { reply, history } = await read(READ_REVISION, [revision], [])
  histories.meet(history)
  const newest = reply ?? (await change(OPEN_FEED, [revision, log], [nonce()]))
  return { revision: textIn(newest, REVISION), history }
}

async function readChanges(session: Session, since: string): Promise<Changes & FeedAnswer> {
  const { read, keys, histories } = session
  const { revision, log } = keys.feed
  const { reply, history } = await read(READ_CHANGES, [revision, log], [REVISION.test(since) ? since : ''])
  if (reply === null) return { ...(await readRevision(session)), digests: 'reset' }
  histories.meet(history)
  const [newest, relation, ...entries] = listIn(reply)
  const answer = { revision: textIn(newest, REVISION), history }
  return textIn(relation, RELATION) === 'reset' ? { ...answer, digests: 'reset' } : { ...answer, ...changedIn(entries) }
}

function changedIn(entries: readonly unknown[]): Omit<Changes, 'revision'> {
  const [digests, owners]: [string[], string[]] = [[], []]
  for (const [field, text] of groupsIn(entries, 2)) {
    if (textIn(field, FIELD) === 'd') digests.push(textIn(text))
    else owners.push(expandText(textIn(text)))
  }
  return owners.length > 0 ? { digests, owners: [...new Set(owners)] } : { digests }
}

/** Random, so that a history lost and written over is another one. */
function nonce(): string {
  return String(randomInt(1, 2 ** 48 - 1))
}
