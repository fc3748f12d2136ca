import type { RedisClient } from '../src/client/client.ts'
import { READ_ROWS } from '../src/scripts/read-rows.ts'
import type { TestClient } from './ioredis-majors.ts'

/** The client, with something happening after each step of a list. */
export function interrupted(client: TestClient, interrupt: () => Promise<unknown>): RedisClient {
  return {
    isCluster: client.isCluster,
    options: client.options,
    on: (event, listener) => client.on(event, listener),
    pipeline: () => client.pipeline(),
    async callBuffer(command, args) {
      const reply = await client.callBuffer(command, args)
      if (args[0] === READ_ROWS.guarded.sha || args[0] === READ_ROWS.guarded.source) await interrupt()
      return reply
    },
  }
}
