import { checkRetention } from '@tessera/core'
import type { Retention } from '@tessera/core'
import type { Argument, RedisClient } from '../client/client.ts'
import type { Keys, PrefixKeys } from '../client/keys.ts'
import type { Session } from '../connection/session.ts'
import { CLAIM_PRUNING } from '../scripts/claim-pruning.ts'
import { PRUNE_REQUESTS, PRUNE_TOKENS } from '../scripts/prune.ts'
import { countIn, listIn } from '../text/reply.ts'
import { checkClock } from './check-clock.ts'
import { askEach, scanKeys } from './scan-keys.ts'
import { sweepOwner } from './sweep-owner.ts'

const OPERATION = 'prune'
const MOST_IN_STEP = 200

/**
 * Walks over the names of all keys in small steps, and over each owner's ended tokens. An index of everything to prune
 * would spare the first walk, and cost every insert and every token instead.
 */
export async function pruneTokens(session: Session, retention: Retention): Promise<number> {
  checkRetention(retention)
  await checkClock(session, OPERATION, retention.now)
  if (!(await isDue(session, retention))) return 0
  const { operate, keys } = session
  let removed = 0
  for await (const { primary, names } of scanKeys(session, OPERATION, keys.prunable)) {
    const found = names.flatMap((name) => prunableOf(keys, name, retention) ?? [])
    const counts = await operate(OPERATION, () => countAll(primary, found))
    const worth = found.filter((_, index) => counts[index] !== 0)
    const removals = await Promise.all(worth.map((each) => pruneIndex(session, each)))
    removed += removals.reduce((sum, count) => sum + count, 0)
  }
  return removed
}

/** Whether no schedule has pruned in the given time. Pruning by hand does not ask. */
async function isDue({ operate, run, keys }: Session, { onceInMs, prefixes }: Retention): Promise<boolean> {
  if (onceInMs === undefined) return true
  const pruned = keys.pruned(prefixes[0] ?? '')
  return operate(OPERATION, async () => countIn(await run(CLAIM_PRUNING, [pruned], [onceInMs])) === 1)
}

/** An index of an owner's tokens of one prefix, and its range to remove. */
interface Prunable {
  readonly name: string
  readonly keys: PrefixKeys
  readonly index: 'ends' | 'expiries'
  readonly range: readonly [from: Argument, to: Argument]
}

/** `null` for tokens of a prefix of another API. Idempotency keys end alike for all. */
function prunableOf(keys: Keys, name: string, { prefixes, now, endedBefore }: Retention): Prunable | null {
  const { prefix, ...parsed } = keys.parse(name)
  if (parsed.index === 'ends' && !prefixes.includes(prefix)) return null
  // What ended scores its instant, negative when it was revoked, so both kinds lie around zero.
  return { name, ...parsed, range: parsed.index === 'ends' ? [`(${-endedBefore}`, `(${endedBefore}`] : ['-inf', now] }
}

/**
 * The number of entries to remove for each, in one go; `null` if its slot has moved. Most owners have none at most
 * times.
 */
async function countAll(primary: RedisClient, found: readonly Prunable[]): Promise<readonly (number | null)[]> {
  const calls = found.map(({ name, range }) => [name, ...range])
  const replies = await askEach(primary, 'zcount', calls)
  return replies.map((reply) => (reply === 'moved' ? null : countIn(reply)))
}

function pruneIndex(session: Session, { keys, index, range }: Prunable): Promise<number> {
  return index === 'ends' ? pruneOwner(session, keys, range) : pruneRequests(session, keys, range)
}

async function pruneOwner(session: Session, keys: PrefixKeys, range: Prunable['range']): Promise<number> {
  const { operate, run, isCluster } = session
  const args = [keys.stem, isCluster, ...range, MOST_IN_STEP]
  let [removed, leftovers] = [0, 0]
  for (let count = MOST_IN_STEP; count === MOST_IN_STEP; ) {
    const step = async () =>
      listIn(await run(PRUNE_TOKENS, [keys.created, keys.digests, keys.ends], args), 3).map(countIn)
    const [looked = 0, pruned = 0, left = 0] = await operate(OPERATION, step)
    count = looked
    removed += pruned
    leftovers = left
  }
  if (leftovers > 0) await sweepOwner(session, keys)
  return removed
}

/** Idempotency keys are not counted. */
async function pruneRequests({ operate, run }: Session, keys: PrefixKeys, range: Prunable['range']): Promise<number> {
  const args = [...range, MOST_IN_STEP]
  const step = async () => countIn(await run(PRUNE_REQUESTS, [keys.requests, keys.expiries], args))
  while ((await operate(OPERATION, step)) === MOST_IN_STEP);
  return 0
}
