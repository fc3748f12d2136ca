import type { TokenUse } from '@tessera/core'
import { shardOf } from '@tessera/core'
import { escapeText } from './compact-text.ts'
import { writeInstant } from './instant-text.ts'
import { runMany } from './run-many.ts'
import type { TaggedCall } from './run-many.ts'
import { RECORD_USE } from './scripts/record-use.ts'
import type { Session } from './session.ts'

const MOST_IN_CALL = 100
const MOST_IN_PIPELINE = 100

/** Writes the uses owner by owner, as one pipeline for each node; many are cut into several. */
export async function recordUse(session: Session, uses: readonly TokenUse[]): Promise<void> {
  const byOwner = new Map<string, TokenUse[]>()
  for (const use of uses) {
    const ofOwner = byOwner.get(use.owner)
    if (ofOwner === undefined) byOwner.set(use.owner, [use])
    else ofOwner.push(use)
  }
  const calls = [...byOwner].flatMap(([owner, ofOwner]) => callsFor(session, owner, ofOwner))
  for (let start = 0; start < calls.length; start += MOST_IN_PIPELINE) {
    const some = calls.slice(start, start + MOST_IN_PIPELINE)
    await session.operate('record the use of tokens', () => runMany(session, some))
  }
}

/** In each call a number of uses that does not hold up the server. */
function callsFor({ keys, isCluster }: Session, owner: string, uses: readonly TokenUse[]): TaggedCall[] {
  const { stem, digests, ends } = keys.ofOwner(owner)
  const calls: TaggedCall[] = []
  for (let start = 0; start < uses.length; start += MOST_IN_CALL) {
    const some = uses.slice(start, start + MOST_IN_CALL)
    const args = [
      stem,
      isCluster,
      ...some.flatMap(({ id, at, extendTo = null }) => [escapeText(id), writeInstant(at), writeInstant(extendTo)]),
    ]
    calls.push({ script: RECORD_USE, keys: [digests, ends], args, tag: shardOf(owner) })
  }
  return calls
}
