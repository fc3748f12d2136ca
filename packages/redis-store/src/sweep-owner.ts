import type { Argument } from './client.ts'
import type { OwnerKeys } from './keys.ts'
import { listIn, textIn } from './reply.ts'
import { SWEEP } from './scripts/sweep.ts'
import type { Session } from './session.ts'

const MOST_IN_STEP = 250

/** Removes what an owner's indexes keep of tokens whose records were removed alone, in steps that do not hold up the server. */
export async function sweepOwner({ operate, run, isCluster }: Session, keys: OwnerKeys): Promise<void> {
  let place: readonly string[] | null = []
  while (place !== null) {
    const args: Argument[] = [keys.stem, isCluster, MOST_IN_STEP, ...place]
    place = await operate('prune', async () => placeIn(await run(SWEEP, [keys.created, keys.digests, keys.ends], args)))
  }
}

function placeIn(reply: unknown): readonly string[] | null {
  return reply === null ? null : listIn(reply, 2).map((part) => textIn(part))
}
