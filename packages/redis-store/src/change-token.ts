import type { TokenRecord } from '@tessera/core'
import { announce } from './change-feed.ts'
import { escapeText } from './compact-text.ts'
import { packDigest } from './packed-digest.ts'
import { readDigests, readUnannounced, writeInstant } from './record-text.ts'
import { listOf, recordAt } from './reply.ts'
import { REKEY, SETTLE } from './scripts/rekey.ts'
import type { Script } from './scripts/script.ts'
import type { Session } from './session.ts'

/**
 * Revokes, suspends or resumes: the record first, then the change feed, then the acknowledgement. What was so already is
 * announced again, since the call that made it so may have failed before it could tell.
 */
export async function changeStanding(
  session: Session,
  script: Script,
  { owner, id, at }: { readonly owner: string; readonly id: string; readonly at: number },
): Promise<TokenRecord | null> {
  const { stem, digests, ends } = session.keys.ofOwner(owner)
  const args = [stem, session.isCluster, escapeText(id), writeInstant(at)]
  const reply = listOf(await session.change(script, [digests, ends], args))
  const record = recordAt(reply, 0)
  if (record !== null) await announce(session, [record.digest, ...readUnannounced(String(reply[1]))])
  return record
}

/**
 * Keeps a token under another digest. The record remembers the one left behind until the change feed has told of it, so
 * that whoever repeats this, or changes the token, tells of it too.
 */
export async function rekeyToken(session: Session, owner: string, id: string, digest: string): Promise<void> {
  const { stem, digests } = session.keys.ofOwner(owner)
  const args = [stem, session.isCluster, escapeText(id)]
  const left = String(await session.change(REKEY, [digests], [...args, packDigest(digest)]))
  if (left === '') return
  await announce(session, readDigests(left))
  await session.change(SETTLE, [digests], [...args, ...left.trimEnd().split(' ')])
}
