import type { Argument } from '../client/client.ts'
import type { PrefixKeys } from '../client/keys.ts'
import type { Session } from '../connection/session.ts'
import { SWEEP } from '../scripts/sweep.ts'
import { listIn, textIn } from '../text/reply.ts'

const MOST_IN_STEP = 250

/** Removes leftovers in an owner's indexes, in small steps for the server. Their tokens' records were removed alone. */
export async function sweepOwner({ operate, run, isCluster }: Session, keys: PrefixKeys): Promise<void> {
  let place: readonly string[] | null = []
  while (place !== null) {
    const args: Argument[] = [keys.stem, isCluster, MOST_IN_STEP, ...place]
    place = await operate('prune', async () => placeIn(await run(SWEEP, [keys.created, keys.digests, keys.ends], args)))
  }
}

function placeIn(reply: unknown): readonly string[] | null {
  return reply === null ? null : listIn(reply, 2).map((part) => textIn(part))
}
