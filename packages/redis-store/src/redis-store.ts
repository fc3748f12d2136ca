import type { ChangeFeed, TokenStore } from '@tessera/core'
import { createChangeFeed } from './change-feed.ts'
import { editToken, rekeyToken, resumeToken, revokeToken, suspendToken } from './change-token.ts'
import { checkClient } from './client.ts'
import type { RedisClient } from './client.ts'
import { completeRotation } from './complete-rotation.ts'
import { findRequest } from './find-request.ts'
import { createFindByDigest, findToken } from './find-token.ts'
import { insertToken } from './insert-token.ts'
import { listTokens } from './list-tokens.ts'
import { settingsOf } from './options.ts'
import type { RedisStoreOptions } from './options.ts'
import { pruneTokens } from './prune-tokens.ts'
import { recordUse } from './record-use.ts'
import { revokeAllTokens } from './revoke-all.ts'
import { rotateToken } from './rotate-token.ts'
import { createSession } from './session.ts'

/** A token store on Redis, with the change feed that a cache in front of it needs. */
export interface RedisStore extends TokenStore {
  readonly changes: ChangeFeed
  /**
   * Checks the servers as the first operation would, so that an app can refuse to start. Rejects with a StoreError whose
   * cause says what to set.
   */
  ready(): Promise<void>
}

/**
 * Keeps tokens in Redis 7.0 or later: on one server, under Sentinel, or on Redis Cluster.
 *
 * Every operation is one command or one script on one node; changes of a token's standing then tell of it in the feed.
 * `revokeAll`, `prune`, long lists and long batches of uses take several steps that do not hold up the server. What Redis did not
 * confirm within `deadlineMs`, of a whole operation or of each of such steps, rejects with a StoreError: then nothing is
 * known of its outcome, and repeating it is safe. An issue or a rotation that was given up takes no effect later.
 *
 * @param client A `Redis` or `Cluster` of ioredis. It stays yours: it is neither configured nor closed here.
 * @throws TypeError for a wrong option, and for a client that reads from replicas or has a `keyPrefix` of its own
 * @example
 * const store = redisStore(new Redis('redis://127.0.0.1:6379'), { keyPrefix: 'app:tokens:' })
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): RedisStore {
  checkClient(client)
  const session = createSession(client, settingsOf(options))
  const { operate } = session
  return {
    insert: (record, conditions) => insertToken(session, record, conditions),
    findByDigest: createFindByDigest(session),
    find: (owner, id) => operate('find a token', () => findToken(session, owner, id)),
    list: (query) => listTokens(session, query),
    findRequest: (owner, request, now) => operate('find a request', () => findRequest(session, owner, request, now)),
    revoke: (owner, id, revocation) => operate('revoke a token', () => revokeToken(session, owner, id, revocation)),
    revokeAll: (owner, selection) => revokeAllTokens(session, owner, selection),
    suspend: (owner, id, change) => operate('suspend a token', () => suspendToken(session, owner, id, change)),
    resume: (owner, id, change) => operate('resume a token', () => resumeToken(session, owner, id, change)),
    edit: (owner, id, edit) => operate('edit a token', () => editToken(session, owner, id, edit)),
    rotate(owner, id, rotation) {
      const giveUpAt = session.giveUpAt()
      return operate('rotate a token', () => rotateToken(session, owner, id, rotation, giveUpAt))
    },
    completeRotation: (owner, id, at) => operate('complete a rotation', () => completeRotation(session, owner, id, at)),
    recordUse: (uses) => recordUse(session, uses),
    rekey: (owner, id, digest) => operate('rekey a token', () => rekeyToken(session, owner, id, digest)),
    prune: (retention) => pruneTokens(session, retention),
    changes: createChangeFeed(session),
    ready: () => operate('check the server', async () => {}),
  }
}
