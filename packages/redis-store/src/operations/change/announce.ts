import { noneIn } from '../../text/reply.ts'
import { APPEND_CHANGES } from '../../scripts/feed.ts'
import type { Session } from '../../connection/session.ts'

/** Adds entries to the change feed, see `entriesOf`. */
export type Announce = (entries: readonly string[]) => Promise<void>

/**
 * Announces in one script all that the steps of one turn of the event loop have to announce. On Cluster the feed is on one
 * node, and many steps are written at the same time.
 */
export function createAnnounce({ change, keys, changesKept }: Session): Announce {
  const { revision, log } = keys.feed
  let gathered: string[] = []
  let announcing: Promise<void> | null = null

  async function announceGathered(): Promise<void> {
    // The next tick comes when all promises that are ready in this turn have had theirs.
    await new Promise((resolve) => process.nextTick(resolve))
    const entries = gathered
    gathered = []
    announcing = null
    // One entry more than the changes kept: the one at which the reader stands who needs them all.
    noneIn(await change(APPEND_CHANGES, [revision, log], [changesKept + 1, ...entries]))
  }

  return (entries) => {
    gathered.push(...entries)
    announcing ??= announceGathered()
    return announcing
  }
}
