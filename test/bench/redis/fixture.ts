import { createTokens, digestSecret, parseSecret } from '@tessera/core'
import type { ChangeFeed, TokenStore } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { startRedis } from '../../redis/index.ts'
import { issueTokens } from '../in-process/issued-tokens.ts'
import type { IssuedTokens } from '../in-process/issued-tokens.ts'

const ISSUE_AT_ONCE = 64

/** The key of the change feed's revision, as the README of `redis-store` describes it. */
export const REVISION = 'tessera:revision:{feed}'

/** A `redis-server` of its own with tokens in it, and the one client that everything goes through. */
export interface Fixture extends AsyncDisposable {
  readonly client: Redis
  readonly store: TokenStore
  /** Straight from the store, without a cache. */
  readonly uncached: IssuedTokens
  /** The keys of the records, in the order of the secrets. */
  readonly keys: readonly Buffer[]
}

/** The store's change feed. */
export function feedOf({ feed }: TokenStore): ChangeFeed {
  if (feed === undefined) throw new Error('the store has no change feed')
  return feed
}

/** @param count How many tokens there are, ten to an owner. The use of each is written. */
export async function openFixture(count: number): Promise<Fixture> {
  const server = await startRedis()
  const client = new Redis(server.port, '127.0.0.1')
  const store = redisStore(client)
  const uncached = await issueTokens(store, count, createTokens, ISSUE_AT_ONCE)
  return {
    client,
    store,
    uncached,
    keys: uncached.secrets.map(keyOf),
    async [Symbol.asyncDispose]() {
      await uncached.tokens.close()
      client.disconnect()
      await server.stop()
    },
  }
}

/** The record's key as the README of `redis-store` describes it. */
function keyOf(secret: string): Buffer {
  const shard = parseSecret(secret)?.shard
  if (shard === undefined) throw new Error('a secret that was issued is malformed')
  return Buffer.concat([Buffer.from(`tessera:{${shard}}`), Buffer.from(digestSecret(secret), 'base64url')])
}
