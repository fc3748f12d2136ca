import type { RedisClient } from './client.ts'

const epochs = new WeakMap<RedisClient, { epoch: number }>()
const EVENTS = ['close', '+node', '-node']

/**
 * A number that changes whenever the client's connections do: from then on it may talk to other servers, and may have
 * sent again what was under way. One set of listeners serves all stores of a client.
 */
export function epochOf(client: RedisClient): number {
  const known = epochs.get(client)
  if (known !== undefined) return known.epoch
  const counter = { epoch: 0 }
  epochs.set(client, counter)
  for (const event of EVENTS) {
    client.on(event, () => {
      counter.epoch += 1
    })
  }
  return counter.epoch
}
