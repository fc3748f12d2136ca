import { shardOf, used } from '@tessera/core'
import type { TokenStore, TokenUse } from '@tessera/core'
import { runMany } from '../connection/run-many.ts'
import type { TaggedCall } from '../connection/run-many.ts'
import type { Session } from '../connection/session.ts'
import { RECORD_USE } from '../scripts/record-use.ts'
import { escapeText } from '../text/compact-text.ts'
import { writeInstant } from '../text/instant-text.ts'

const MOST_IN_CALL = 100
const MOST_IN_PIPELINE = 100

/**
 * Writes the uses owner by owner, in one pipeline for each node. Many are cut into several. A use that extends its
 * token is a change of the token, since the expiry has a place in the indexes.
 */
export async function recordUse(
  session: Session,
  change: TokenStore['change'],
  uses: readonly TokenUse[],
): Promise<void> {
  const calls = byOwner(uses.filter(({ extendTo }) => extendTo === undefined)).map((some) => callFor(session, some))
  for (let start = 0; start < calls.length; start += MOST_IN_PIPELINE) {
    const some = calls.slice(start, start + MOST_IN_PIPELINE)
    await session.operate('record the use of tokens', () => runMany(session, some))
  }
  for (const some of byOwner(uses.filter(({ extendTo }) => extendTo !== undefined))) await extend(change, some)
}

async function extend(change: TokenStore['change'], uses: OwnersUses): Promise<void> {
  const [{ owner }] = uses
  const ids = [...new Set(uses.map(({ id }) => id))]
  await change(owner, { ids, key: null }, ({ records }) => {
    const put = ids.flatMap((id) => {
      const former = records.get(id)
      if (former === undefined) return []
      const later = uses.filter((use) => use.id === id).reduce(used, former)
      return later === former ? [] : [later]
    })
    return { answer: undefined, put }
  })
}

/** At least one. */
type OwnersUses = readonly [TokenUse, ...TokenUse[]]

/** The uses of each owner, in batches small enough for the server. */
function byOwner(uses: readonly TokenUse[]): readonly OwnersUses[] {
  const groups: [TokenUse, ...TokenUse[]][] = []
  const open = new Map<string, [TokenUse, ...TokenUse[]]>()
  for (const use of uses) {
    const group = open.get(use.owner)
    if (group !== undefined && group.length < MOST_IN_CALL) {
      group.push(use)
      continue
    }
    const fresh: [TokenUse, ...TokenUse[]] = [use]
    groups.push(fresh)
    open.set(use.owner, fresh)
  }
  return groups
}

function callFor({ keys, isCluster }: Session, uses: OwnersUses): TaggedCall {
  const [{ owner }] = uses
  const { stem, digests } = keys.ofOwner(owner)
  const pairs = uses.flatMap(({ id, at }) => [escapeText(id), writeInstant(at)])
  return { script: RECORD_USE, keys: [digests], args: [stem, isCluster, ...pairs], tag: shardOf(owner) }
}
