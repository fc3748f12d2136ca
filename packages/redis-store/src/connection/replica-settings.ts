import type { RedisClient } from '../client/client.ts'
import { listIn, textIn } from '../text/reply.ts'

/** In seconds. */
const MOST_LAG = 3

/**
 * The fault in a primary's settings for its replicas, and the setting to change; `null` for one that keeps the promise
 * of `minReplicas`: without its replicas it must soon refuse writes. Replicas acknowledge once a second, and Redis
 * rounds: at a lag of 1 they are missed now and then.
 */
export async function whyTooTrusting(node: RedisClient, minReplicas: number): Promise<string | null> {
  const least = await settingOf(node, 'min-replicas-to-write')
  const lag = await settingOf(node, 'min-replicas-max-lag')
  if (least >= minReplicas && lag >= 1 && lag <= MOST_LAG) return null
  return (
    `minReplicas: ${minReplicas} needs a primary that refuses writes without its replicas: set the server's ` +
    `min-replicas-to-write to ${minReplicas} (it is ${least}) and its min-replicas-max-lag to ${MOST_LAG} or less (it is ${lag})`
  )
}

async function settingOf(node: RedisClient, name: string): Promise<number> {
  const reply = listIn(await node.callBuffer('config', ['get', name]), 2)
  return Number(textIn(reply[1], /^\d+$/))
}
