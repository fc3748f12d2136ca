import { StoreError } from '@tessera/core'
import { expect } from 'vitest'
import type { RedisStore } from '../src/redis-store.ts'
import type { TestClient } from './ioredis-majors.ts'

const LOG = 'tessera:changes:{feed}'

/** Makes the change feed of the default prefix refuse every entry while `work` is done, which must reject. */
export async function withBrokenFeed(
  client: TestClient,
  store: RedisStore,
  work: () => Promise<unknown>,
): Promise<void> {
  await store.changes.revision()
  await client.call('rename', [LOG, 'aside'])
  await client.call('set', [LOG, 'not a stream'])
  await expect(work()).rejects.toThrow(StoreError)
  await client.call('rename', ['aside', LOG])
}
