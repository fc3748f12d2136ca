import { Redis } from 'ioredis'
import { startRedis } from '../../redis/index.ts'
import { fillRedis } from './fill.ts'

const PER_OWNER = 10

/** What one token takes in Redis with all its indexes, three scopes, ten tokens to an owner. */
export interface BytesInRedis {
  /** As `MEMORY USAGE` has it of every key. */
  readonly keys: number
  /** What the server's memory grew by, its table of keys with it. */
  readonly growth: number
}

export async function bytesInRedis(count: number): Promise<BytesInRedis> {
  await using server = await startRedis()
  const client = new Redis(server.port, '127.0.0.1')
  const ownerOf = (number: number) => `owner-${Math.floor(number / PER_OWNER)}`
  // What the store and its scripts take once is there before the count begins.
  await fillRedis(server, { from: 0, to: PER_OWNER, ownerOf })
  const before = { keys: await memoryOfKeys(client), used: await usedMemory(client) }
  await fillRedis(server, { from: PER_OWNER, to: PER_OWNER + count, ownerOf })
  const keys = ((await memoryOfKeys(client)) - before.keys) / count
  const growth = ((await usedMemory(client)) - before.used) / count
  client.disconnect()
  return { keys, growth }
}

async function memoryOfKeys(client: Redis): Promise<number> {
  const keys = await client.keysBuffer('*')
  const pipeline = client.pipeline()
  for (const key of keys) pipeline.memory('USAGE', key, 'SAMPLES', 0)
  const replies = (await pipeline.exec()) ?? []
  return replies.reduce((sum, [, bytes]) => sum + Number(bytes), 0)
}

async function usedMemory(client: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1])
}
