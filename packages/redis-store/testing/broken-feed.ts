import { StoreError } from '@tessera/core'
import type { TokenStore } from '@tessera/core'
import { expect } from 'vitest'
import type { RedisStore } from '../src/redis-store.ts'
import type { TestClient } from './ioredis-majors.ts'

/** Makes the change feed refuse every entry while `work` is done, which must reject. */
export async function withBrokenFeed(
  client: TestClient,
  store: Pick<RedisStore, 'feed'>,
  work: () => Promise<unknown>,
  keyPrefix = 'tessera:',
): Promise<void> {
  await expect(amidBrokenFeed(client, store, work, keyPrefix)).rejects.toThrow(StoreError)
}

/** A handle of a store whose changes cannot be announced. */
export function withoutFeed(client: TestClient, store: RedisStore, keyPrefix: string): TokenStore {
  return {
    ...store,
    change: (...args) => amidBrokenFeed(client, store, () => store.change(...args), keyPrefix),
  }
}

async function amidBrokenFeed<Answer>(
  client: TestClient,
  store: Pick<RedisStore, 'feed'>,
  work: () => Promise<Answer>,
  keyPrefix: string,
): Promise<Answer> {
  const [log, aside] = [`${keyPrefix}changes:{feed}`, `${keyPrefix}aside:{feed}`]
  await store.feed.revision()
  await client.call('rename', [log, aside])
  await client.call('set', [log, 'not a stream'])
  try {
    return await work()
  } finally {
    await client.call('rename', [aside, log])
  }
}
