import { createTokens } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis } from '../redis/index.ts'
import type { RedisServer } from '../redis/index.ts'

describe('a dump of Redis', () => {
  let redis: RedisServer
  let client: Redis

  beforeAll(async () => {
    redis = await startRedis({ config: ['rdbcompression no'] })
    client = new Redis(redis.port)
  })
  afterAll(async () => {
    client.disconnect()
    await redis.stop()
  })

  async function dump(): Promise<string> {
    const keys = await client.keysBuffer('*')
    const values = await Promise.all(keys.map((key) => client.dumpBuffer(key)))
    return Buffer.concat([...keys, ...values]).toString('latin1')
  }

  it('shows names, owners, scopes and networks in the clear', async () => {
    const tokens = createTokens({ store: redisStore(client), prefix: 'ot_pat', pepper: 'p'.repeat(32) })
    await tokens.issue({ owner: 'acme', name: 'nightly', scopes: ['jobs:read'], networks: ['192.0.2.0/24'] })
    await tokens.close()
    const text = await dump()
    for (const plain of ['acme', 'nightly', 'jobs:read', '192.0.2.0']) expect(text).toContain(plain)
  })

  it('holds no secret: of a token, of its successor, or of a request under a key', async () => {
    const tokens = createTokens({ store: redisStore(client), prefix: 'ot_pat' })
    const request = { owner: 'acme', name: 'ci', scopes: [], idempotencyKey: 'a-key' }
    const { secret } = await tokens.issue(request)
    const sealed = { ...request, name: 'sealed', idempotencyKey: 'a-third-key', sealUnder: secret ?? '' }
    const { secret: child } = await tokens.issue(sealed)
    expect((await tokens.issue(sealed)).secret).toBe(child)
    const rotated = await tokens.rotateSecret(secret ?? '', { idempotencyKey: 'another-key' })
    await tokens.verify(secret ?? '')
    await tokens.close()
    const text = await dump()
    for (const each of [secret, child, rotated?.secret]) {
      expect(each).toMatch(/^ot_pat_/)
      // The preview shows its first and its last four characters.
      expect(text).not.toContain(each?.slice('ot_pat_'.length + 4, -4))
    }
  })
})
