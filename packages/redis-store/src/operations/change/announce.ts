import { textIn } from '../../text/reply.ts'
import { APPEND_CHANGES } from '../../scripts/feed.ts'
import type { Session } from '../../connection/session.ts'

/** A blank and the length of a lease, if one is kept. */
const LEASE = /^(?: [1-9]\d*)?$/

/** Adds entries to the change feed, see `entriesOf`. */
export type Announce = (entries: readonly string[]) => Promise<void>

/**
 * Announces in one script all that the steps of one turn of the event loop have to announce. On Cluster the feed is on one
 * node, and many steps are written at the same time.
 */
export function createAnnounce({ change, keys, leases, feedLimits }: Session): Announce {
  const { revision, log, lease } = keys.feed
  let gathered: string[] = []
  let announcing: Promise<void> | null = null

  async function announceGathered(): Promise<void> {
    // The next tick comes when all promises that are ready in this turn have had theirs.
    await new Promise((resolve) => process.nextTick(resolve))
    const entries = gathered
    gathered = []
    announcing = null
    const reply = await change(APPEND_CHANGES, [revision, log, lease], [feedLimits(), ...entries])
    leases.meet(Number(textIn(reply, LEASE)))
  }

  return (entries) => {
    gathered.push(...entries)
    announcing ??= announceGathered()
    return announcing
  }
}
