import { createHash } from 'node:crypto'
import { addressOf } from '../client/client.ts'
import type { RedisClient } from '../client/client.ts'
import { beginEpoch } from '../client/connection-epoch.ts'
import { askPrimaries } from './ask-primaries.ts'
import type { Answer } from './ask-primaries.ts'

const LOOK_AGAIN_MS = 1_000

/** The histories of the primaries' writes. See `ServerInfo`. */
export interface Histories {
  /** Takes in the primaries' facts about themselves. */
  learn(answers: readonly Answer[]): void
  /** Takes in the history of the feed's own server, as read with the revision. */
  meet(feed: string): void
  /** A short name for all histories. The history of the feed's own server is the one just read. */
  nameWith(feed: string): string
  /** Looks again at the primaries of a cluster if the last look is a second old. Nobody waits for it. */
  lookAgain(): void
}

/** A server with an unknown history may differ in all else, too. So it ends the client's epoch: the servers are checked. */
export function createHistories(client: RedisClient, patienceMs: number): Histories {
  let known = new Map<string, string>()
  let met = ''
  let named = { feed: '', name: '' }
  let lookedAt = performance.now()
  let isLooking = false

  function learn(answers: readonly Answer[]): void {
    const before = known
    known = new Map()
    for (const { node, info } of answers) {
      const address = addressOf(node)
      // Who does not answer has not changed, as far as anybody can tell.
      const history = info === null ? before.get(address) : info.history
      if (history !== undefined) known.set(address, history)
    }
    lookedAt = performance.now()
    named = { feed: '', name: '' }
  }

  async function look(): Promise<void> {
    const before = nameOf([...known.values()])
    learn(await askPrimaries(client, ['replication'], patienceMs))
    if (nameOf([...known.values()]) !== before) beginEpoch(client)
  }

  return {
    learn,
    meet(feed) {
      if (feed === met) return
      met = feed
      if (![...known.values()].includes(feed)) beginEpoch(client)
    },
    nameWith(feed) {
      if (named.feed !== feed) named = { feed, name: nameOf(client.isCluster ? [feed, ...known.values()] : [feed]) }
      return named.name
    },
    lookAgain() {
      if (!client.isCluster || isLooking || performance.now() - lookedAt < LOOK_AGAIN_MS) return
      isLooking = true
      void look().finally(() => {
        isLooking = false
      })
    },
  }
}

function nameOf(histories: readonly string[]): string {
  const each = [...new Set(histories)].sort()
  return createHash('sha256').update(each.join()).digest('base64url').slice(0, 12)
}
