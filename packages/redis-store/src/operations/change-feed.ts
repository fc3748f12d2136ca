import { randomInt } from 'node:crypto'
import type { Announcement, ChangeFeed, Changes, LeasedChanges } from '@tessera/core'
import type { Session } from '../connection/session.ts'
import { OPEN_FEED, READ_CHANGES, READ_LEASED_CHANGES, READ_REVISION } from '../scripts/feed.ts'
import { escapeText, expandText } from '../text/compact-text.ts'
import { groupsIn, listIn, textIn } from '../text/reply.ts'

const READ = 'read its changes'
const RELATION = /^(?:since|reset)$/
const FIELD = /^[do]$/
const LENGTH = /^[1-9]\d*$/
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
export function createChangeFeed(session: Session, hasLeases: boolean): ChangeFeed {
  const { operate, histories } = session
  const nameOf = (revision: string, history: string) => `${revision}.${histories.nameWith(history)}`

  /** A revision of another history tells nothing of the changes since. */
  function named({ history, revision, ...changes }: Changes & FeedAnswer, since: string): Changes {
    const isKnown = since === nameOf(numberedIn(since), history)
    return { ...(isKnown ? changes : { digests: 'reset' }), revision: nameOf(revision, history) }
  }

  async function leasedChangesSince(since: string): Promise<LeasedChanges> {
    histories.lookAgain()
    const { leaseMs, ...answer } = await operate(READ, () => readLeasedChanges(session, numberedIn(since)))
    return { ...named(answer, since), leaseMs }
  }

  return {
    async revision() {
      histories.lookAgain()
      const { revision, history } = await operate('read the revision of its changes', () => readRevision(session))
      return nameOf(revision, history)
    },
    async changesSince(since) {
      histories.lookAgain()
      return named(await operate(READ, () => readChanges(session, numberedIn(since))), since)
    },
    ...(hasLeases && { leasedChangesSince }),
  }
}

/** A revision without the histories; empty if it is malformed. */
function numberedIn(revision: string): string {
  const [numbered = ''] = revision.split('.', 1)
  return REVISION.test(numbered) ? numbered : ''
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

async function readRevision(session: Session): Promise<FeedAnswer> {
  const { read, keys, histories } = session
  const { reply, history } = await read(READ_REVISION, [keys.feed.revision], [])
  histories.meet(history)
  return { revision: textIn(reply ?? (await openFeed(session)), REVISION), history }
}

function openFeed({ change, keys, leases }: Session): Promise<unknown> {
  const { revision, log, lease } = keys.feed
  return change(OPEN_FEED, [revision, log, lease], [nonce(), leases.longestMs()])
}

async function readChanges(session: Session, since: string): Promise<Changes & FeedAnswer> {
  const { read, keys, histories } = session
  const { revision, log } = keys.feed
  const { reply, history } = await read(READ_CHANGES, [revision, log], [since])
  if (reply === null) return { ...(await readRevision(session)), digests: 'reset' }
  histories.meet(history)
  return { ...changesIn(reply), history }
}

/** One script: a length read later than the revision could be longer than that of a change in between. */
async function readLeasedChanges(session: Session, since: string): Promise<LeasedChanges & FeedAnswer> {
  const { read, keys, histories, leases } = session
  const { revision, log, lease } = keys.feed
  const ask = () => read(READ_LEASED_CHANGES, [revision, log, lease], [since, leases.longestMs()])
  let answer = await ask()
  if (answer.reply === null) {
    await openFeed(session)
    answer = await ask()
  }
  // Whoever removed it again may do so at any time: such a reading lends no lease.
  if (answer.reply === null) return { ...(await readRevision(session)), digests: 'reset', leaseMs: 0 }
  const { reply, history } = answer
  histories.meet(history)
  const [length, changes] = listIn(reply, 2)
  const leaseMs = Number(textIn(length, LENGTH))
  leases.meet(leaseMs)
  return { ...changesIn(changes), history, leaseMs }
}

function changesIn(reply: unknown): Changes {
  const [newest, relation, ...entries] = listIn(reply)
  const revision = textIn(newest, REVISION)
  return textIn(relation, RELATION) === 'reset' ? { revision, digests: 'reset' } : { revision, ...changedIn(entries) }
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
