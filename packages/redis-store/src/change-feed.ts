import { randomInt } from 'node:crypto'
import type { ChangeFeed, Changes } from '@tessera/core'
import { APPEND_CHANGES, OPEN_FEED, READ_CHANGES } from './scripts/feed.ts'
import type { Session } from './session.ts'
import { listOf } from './reply.ts'

const REVISION = /^(?:0|[1-9]\d{0,14})-[1-9]\d{0,14}$/

/**
 * Which digests changed, in a log whose entries have the revisions as ids. The feed lives in a slot of its own: a change
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
      return { revision: told(changes.revision), digests: since === told(revision) ? changes.digests : 'reset' }
    },
  }
}

/** Adds digests to the feed, each as a change of its own. */
export async function announce({ change, keys, changesKept }: Session, digests: readonly string[]): Promise<void> {
  if (digests.length === 0) return
  const { revision, log } = keys.feed
  // One entry more than the changes kept: the one where the reader who needs them all stands.
  await change(APPEND_CHANGES, [revision, log], [changesKept + 1, ...digests.flatMap((digest) => [nonce(), digest])])
}

async function readRevision({ send, change, keys }: Session): Promise<string> {
  const { revision, log } = keys.feed
  const newest = await send('get', [revision])
  return String(newest ?? (await change(OPEN_FEED, [revision, log], [nonce()])))
}

async function readChanges(session: Session, since: string): Promise<Changes> {
  const { revision, log } = session.keys.feed
  const reply = await session.run(READ_CHANGES, [revision, log], [REVISION.test(since) ? since : ''])
  const [newest, standing, ...digests] = listOf(reply).map(String)
  if (newest === undefined) return { revision: await readRevision(session), digests: 'reset' }
  return { revision: newest, digests: standing === 'reset' ? 'reset' : digests }
}

/** Random, so that a history which was lost and written over is another one. */
function nonce(): number {
  return randomInt(1, 2 ** 48 - 1)
}
