import type { TokenRecord } from '@tessera/core'
import { announce } from './change-feed.ts'
import { escapeText } from './compact-text.ts'
import { writeInstant } from './instant-text.ts'
import { readDigests } from './record-text.ts'
import { unexpectedReply } from './reply.ts'
import { END_PENDING, REVOKE_PREDECESSOR } from './scripts/complete-rotation.ts'
import type { Session } from './session.ts'
import { readStep } from './take-step.ts'
import { tell } from './tell.ts'

/**
 * Revokes the predecessor of a pending token and tells of it; only then does the token cease to be pending, and that is told
 * of too. So whoever finds it pending repeats what may not have been told.
 */
export async function completeRotation(
  session: Session,
  owner: string,
  id: string,
  at: number,
): Promise<TokenRecord | null> {
  const { stem, digests, ends } = session.keys.ofOwner(owner)
  const keys = [digests, ends]
  const args = [stem, session.isCluster, escapeText(id), writeInstant(at)]
  let step = readStep(await session.change(REVOKE_PREDECESSOR, keys, args))
  if (step.outcome === 'pending') {
    await announce(session, readDigests(step.remembered))
    step = readStep(await session.change(END_PENDING, keys, [...args, step.remembered]))
  }
  if (step.outcome === 'not_found') return null
  const [record] = step.records
  if (step.outcome !== 'done' || record === undefined) throw unexpectedReply('the outcome of a completion')
  // A token that came from a rotation may be cached as pending, although it is so no more.
  if (record.rotatedFrom === null) return record
  const remembered = step.remembered === '' ? [] : [{ id: escapeText(id), digests: step.remembered }]
  await tell(session, owner, step.told, remembered)
  return record
}
