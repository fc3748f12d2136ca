import type { ChangeFeed, TokenStore } from '@tessera/core'
import { checkClient } from './client/client.ts'
import type { RedisClient } from './client/client.ts'
import { settingsOf } from './client/options.ts'
import type { RedisStoreOptions } from './client/options.ts'
import { createSession } from './connection/session.ts'
import { createChangeFeed } from './operations/change-feed.ts'
import { createChange } from './operations/change/change-tokens.ts'
import { findById } from './operations/find-by-id.ts'
import { createFindByDigest, findToken } from './operations/find-token.ts'
import { insertToken } from './operations/insert-token.ts'
import { listTokens } from './operations/list-tokens.ts'
import { pruneTokens } from './operations/prune-tokens.ts'
import { recordUse } from './operations/record-use.ts'

/** A token store on Redis, with the change feed needed by a cache in front of it. */
export interface RedisStore extends TokenStore {
  readonly feed: ChangeFeed
  /**
   * Checks the servers like the first operation and reads from one, so an app can refuse to start. Rejects with a StoreError; its cause
   * names the setting to change.
   */
  ready(): Promise<void>
}

/**
 * Keeps tokens in Redis 7.0 or later: on one server, under Sentinel, or on Redis Cluster.
 *
 * - Every operation is one command or one script on one node. The feed then announces the change.
 * - `revokeAll`, `prune`, long lists and long batches of uses take several small steps.
 * - An operation, or each such step, rejects with a StoreError if Redis does not confirm it within `deadlineMs`. Its
 *   outcome is then unknown, and repeating it is safe.
 * - An abandoned issue or rotation takes no effect later.
 *
 * @param client A `Redis` or `Cluster` of ioredis. It stays yours: it is neither configured nor closed here.
 * @throws TypeError for a wrong option, and for a client that reads from replicas or has a `keyPrefix` of its own
 * @example
 * const store = redisStore(new Redis('redis://127.0.0.1:6379'), { keyPrefix: 'app:tokens:' })
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): RedisStore {
  checkClient(client)
  const settings = settingsOf(options)
  const session = createSession(client, settings)
  const { operate, leases } = session
  const change = createChange(session)
  return {
    change: leases.waiting(change),
    insert: (record, conditions) => insertToken(session, record, conditions),
    findByDigest: createFindByDigest(session),
    find: (owner, id) => operate('find a token', () => findToken(session, owner, id)),
    findById: (id) => findById(session, id),
    list: (query) => listTokens(session, query),
    recordUse: (uses) => recordUse(session, change, uses),
    prune: (retention) => pruneTokens(session, retention),
    feed: createChangeFeed(session, settings.leaseMs !== undefined),
    // A hanging server keeps its connection, and so was checked before.
    ready: () => operate('check the server', async () => void (await session.send('get', [session.keys.layout]))),
  }
}
