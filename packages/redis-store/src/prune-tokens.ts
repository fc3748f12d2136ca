import { checkRetention } from '@tessera/core'
import type { Retention } from '@tessera/core'
import { primariesOf } from './client.ts'
import type { RedisClient } from './client.ts'
import type { OwnerKeys } from './keys.ts'
import { PRUNE_REQUESTS, PRUNE_TOKENS } from './scripts/prune.ts'
import { countIn, listIn, textIn } from './reply.ts'
import type { Session } from './session.ts'
import { sweepOwner } from './sweep-owner.ts'

const MOST_KEYS_IN_STEP = 100
const MOST_IN_STEP = 200
const CURSOR = /^\d+$/

/**
 * Goes over the names of all keys in small steps, and at each owner over what has ended. An index of what can be pruned
 * would spare the first part, and cost every insert and every token instead.
 */
export async function pruneTokens(session: Session, retention: Retention): Promise<number> {
  checkRetention(retention)
  const { operate, client, keys } = session
  let removed = 0
  for (const primary of await operate('prune', async () => primariesOf(client))) {
    for (let cursor = '0', isFirst = true; isFirst || cursor !== '0'; isFirst = false) {
      const page = await operate('prune', () => scan(primary, cursor, keys.prunable))
      cursor = page.cursor
      const counts = await Promise.all(page.names.map((name) => pruneKey(session, name, retention)))
      removed += counts.reduce((sum, count) => sum + count, 0)
    }
  }
  return removed
}

async function scan(
  primary: RedisClient,
  cursor: string,
  pattern: string,
): Promise<{ cursor: string; names: string[] }> {
  const reply = await primary.callBuffer('scan', [cursor, 'MATCH', pattern, 'COUNT', MOST_KEYS_IN_STEP])
  const [next, names] = listIn(reply, 2)
  return { cursor: textIn(next, CURSOR), names: listIn(names).map((name) => textIn(name)) }
}

async function pruneKey(session: Session, name: string, { now, endedBefore }: Retention): Promise<number> {
  const { keys, index } = session.keys.parse(name)
  if (index === 'ends') return pruneOwner(session, keys, endedBefore)
  await pruneRequests(session, keys, now)
  return 0
}

async function pruneOwner(session: Session, keys: OwnerKeys, endedBefore: number): Promise<number> {
  const { operate, run, isCluster } = session
  // What ended scores its instant, negative when it was revoked, so both kinds lie around zero.
  const args = [keys.stem, isCluster, `(${-endedBefore}`, `(${endedBefore}`, MOST_IN_STEP]
  let [removed, leftovers] = [0, 0]
  for (let count = MOST_IN_STEP; count === MOST_IN_STEP; ) {
    const step = async () =>
      listIn(await run(PRUNE_TOKENS, [keys.created, keys.digests, keys.ends], args), 3).map(countIn)
    const [looked = 0, pruned = 0, left = 0] = await operate('prune', step)
    count = looked
    removed += pruned
    leftovers = left
  }
  if (leftovers > 0) await sweepOwner(session, keys)
  return removed
}

async function pruneRequests({ operate, run }: Session, keys: OwnerKeys, now: number): Promise<void> {
  const step = async () => countIn(await run(PRUNE_REQUESTS, [keys.requests, keys.expiries], [now, MOST_IN_STEP]))
  while ((await operate('prune', step)) === MOST_IN_STEP);
}
