import { setImmediate } from 'node:timers/promises'
import type { TokenStore } from '@tessera/core'
import { testTokenStore } from '../test-token-store.ts'
import { NAIVE_FEED } from './changes.ts'
import { naiveStore } from './naive-store.ts'

/** The same store as one sees it over a connection: each call and each answer takes its time. */
function remote(store: TokenStore): TokenStore {
  const over =
    <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      await setImmediate()
      const answer = await call(...args)
      await setImmediate()
      return answer
    }
  const { changes } = store
  return {
    insert: over(store.insert),
    findRequest: over(store.findRequest),
    findByDigest: over(store.findByDigest),
    find: over(store.find),
    list: over(store.list),
    revoke: over(store.revoke),
    revokeAll: over(store.revokeAll),
    suspend: over(store.suspend),
    resume: over(store.resume),
    edit: over(store.edit),
    rotate: over(store.rotate),
    completeRotation: over(store.completeRotation),
    recordUse: over(store.recordUse),
    rekey: over(store.rekey),
    prune: over(store.prune),
    ...(changes && { changes: { revision: over(changes.revision), changesSince: over(changes.changesSince) } }),
  }
}

testTokenStore('naive store', { create: () => naiveStore(), changeFeed: NAIVE_FEED })

testTokenStore('naive store behind connections', {
  create: () => remote(naiveStore()),
  connect: (store) => remote(store),
  changeFeed: NAIVE_FEED,
})
