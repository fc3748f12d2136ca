import { Redis } from 'ioredis'
import { startRedis } from '../../redis/index.ts'
import type { Suite } from '../harness/bench.ts'

/** What tokens cost on a `redis-server` of this machine, and how often it is asked. */
export const redis: Suite = async (_bench) => {
  const server = await startRedis()
  const client = new Redis(server.port, '127.0.0.1')
  try {
    await client.ping()
  } finally {
    client.disconnect()
    await server.stop()
  }
}
