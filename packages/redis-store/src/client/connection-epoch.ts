import { nodesOf } from './client.ts'
import type { RedisClient } from './client.ts'

const epochs = new WeakMap<RedisClient, { epoch: number }>()
const EVENTS = ['close', '+node', '-node']

/**
 * A number that changes with the client's connections. From then on it may talk to other servers, and may have sent
 * pending commands again. One set of listeners serves all stores of a client.
 */
export function epochOf(client: RedisClient): number {
  return counterOf(client).epoch
}

/** Begins another epoch if the client does not notice a change of servers. */
export function beginEpoch(client: RedisClient): void {
  counterOf(client).epoch += 1
}

function counterOf(client: RedisClient): { epoch: number } {
  const known = epochs.get(client)
  if (known !== undefined) return known
  const counter = { epoch: 0 }
  const count = () => {
    counter.epoch += 1
  }
  epochs.set(client, counter)
  for (const event of EVENTS) client.on(event, count)
  if (client.isCluster) watchNodes(client, count)
  return counter
}

/** A cluster does not report that one of its nodes is connected, or connects again by itself. */
function watchNodes(cluster: RedisClient, count: () => void): void {
  const watched = new WeakSet<RedisClient>()
  const watch = () => {
    for (const node of nodesOf(cluster)) {
      if (watched.has(node)) continue
      watched.add(node)
      node.on('close', count)
      node.on('ready', count)
    }
  }
  cluster.on('+node', watch)
  watch()
}
