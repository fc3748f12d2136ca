import { setImmediate } from 'node:timers/promises'
import { stepsOf } from '../../steps/steps-on.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'
import { testSubject } from '../../test-token-store.ts'
import { NAIVE_FEED } from './changes.ts'
import { naiveStore } from './naive-store.ts'

/** The same store as one sees it over a connection: each call and each answer takes its time. */
function remote(store: StepsOnStore): StepsOnStore {
  const over =
    <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      await setImmediate()
      const answer = await call(...args)
      await setImmediate()
      return answer
    }
  const { feed } = store
  return {
    insert: over(store.insert),
    findRequest: over(store.findRequest),
    findByDigest: over(store.findByDigest),
    find: over(store.find),
    findById: over(store.findById),
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
    countActive: over(store.countActive),
    ...(feed && { feed: { revision: over(feed.revision), changesSince: over(feed.changesSince) } }),
  }
}

testSubject('naive store', { create: () => naiveStore(), changeFeed: NAIVE_FEED, stepsOnly: true })

testSubject('naive store behind connections', {
  create: () => remote(naiveStore()),
  connect: (store) => remote(stepsOf(store)),
  changeFeed: NAIVE_FEED,
  stepsOnly: true,
})
