import type { ChangeFeed } from '@tessera/core'
import { leasedLookup } from '../../src/lookup/leased-lookup.ts'
import { cachedLookup } from '../../src/lookup/lookup.ts'
import { followFeed } from '../../src/reading/follow-feed.ts'
import { createLease } from '../../src/reading/lease.ts'
import type { Clocks, Instant, Lease } from '../../src/reading/lease.ts'
import { shareReadings } from '../../src/reading/shared-readings.ts'
import type { Protocol } from './protocol.ts'
import type { ScenarioName } from './scenario.ts'
import { L } from './world.ts'

/** What becomes of the protocol without one of its rules, and a scenario that shows it. */
interface BrokenRule {
  readonly scenario: ScenarioName
  readonly broken: Partial<Protocol>
}

const USED = 'a token in use, with clocks that are a tenth slow in the cache, and a tenth fast in the changer'
const SUSPENDED = 'a machine that is suspended'

export const BROKEN_RULES: Readonly<Record<string, BrokenRule>> = {
  'a change waits': { scenario: USED, broken: { wait: (_leases, change) => change } },
  'it waits from the reply on': {
    scenario: USED,
    broken: {
      wait: (_leases, change, sleep) => async (owner, wants, decide) => {
        const slept = sleep(1.1 * L)
        const answer = await change(owner, wants, decide)
        await slept
        return answer
      },
    },
  },
  'it waits for a tenth more than a lease': {
    scenario: USED,
    broken: {
      wait: (_leases, change, sleep) => async (owner, wants, decide) => {
        const answer = await change(owner, wants, decide)
        await sleep(0.5 * L)
        return answer
      },
    },
  },
  'it waits for the length that is kept, and not only for its own': {
    scenario: 'a changer that has no length of its own',
    broken: { findsLength: false },
  },
  'the length that is kept never falls': {
    scenario: 'two changers with a shorter length',
    broken: { keep: (_kept, own) => own },
  },
  'the record is written before the feed': { scenario: USED, broken: { revoke: ['announce', 'write'] } },
  'a change that is repeated announces and waits again': {
    scenario: 'a changer that crashes after it announced, and another that repeats it',
    broken: { repeat: ['write'] },
  },
  'a writer without leases is fenced off': {
    scenario: 'a changer of a version without leases',
    broken: { isFenced: false },
  },
  'a lease counts from before its reading, and not from the answer': {
    scenario: USED,
    broken: { lookup: leasing((lease) => ({ extend: (_from, leaseMs) => lease.extend(lease.begin(), leaseMs) })) },
  },
  'a lease counts for a tenth less than its length': {
    scenario: USED,
    broken: { lookup: leasing((lease) => ({ extend: (from, leaseMs) => lease.extend(from, 1.5 * leaseMs) })) },
  },
  'the changes of a reading are applied before its lease counts': {
    scenario: USED,
    broken: {
      lookup(parts, feed, clocks, world) {
        let hasten = (_leaseMs: number) => {}
        const hasty: ChangeFeed = {
          ...feed,
          async leasedChangesSince(revision) {
            const changes = (await feed.leasedChangesSince?.(revision)) ?? { revision, digests: 'reset', leaseMs: 0 }
            hasten(changes.leaseMs)
            await world.step()
            return changes
          },
        }
        return leasing((lease) => {
          let from: Instant = lease.begin()
          hasten = (leaseMs) => lease.extend(from, leaseMs)
          return {
            begin() {
              from = lease.begin()
              return from
            },
          }
        })(parts, hasty, clocks, world)
      },
    },
  },
  'a lease ends by the steady clock': {
    scenario: 'a wall clock that is set back',
    broken: { lookup: (parts, feed, clocks) => leasedLookup(parts, feed, { ...clocks, steady: () => 1 }) },
  },
  'a lease ends by the wall clock, too': {
    scenario: SUSPENDED,
    broken: { lookup: (parts, feed, clocks) => leasedLookup(parts, feed, { ...clocks, wall: () => 1 }) },
  },
  'without a lease a verification waits for a reading': {
    scenario: USED,
    broken: {
      lookup(parts, feed, clocks) {
        const lookup = leasedLookup(parts, feed, clocks)
        return { ...lookup, cache: { ...lookup.cache, confirm: async () => {} } }
      },
    },
  },
  'a lease that is over counts no more': {
    scenario: USED,
    broken: {
      lookup: leasing((lease) => ({
        counts() {
          lease.counts()
          return lease.lengthMs() > 0
        },
      })),
    },
  },
  'a reading that failed extends nothing': {
    scenario: 'a reading that is late',
    broken: { lookup: leasing((lease) => ({ fail: () => lease.extend(lease.begin(), lease.lengthMs()) })) },
  },
  'a revision names the history of its server': {
    scenario: 'a replica that lacks the latest change and the length',
    broken: { revisionOf: ({ log }) => `${log.length}` },
  },
  'a changer whose server has lost the length waits for its own': {
    scenario: 'a replica that lacks the latest change and the length',
    broken: { wait: (_leases, change) => change },
  },
}

/** Leases that differ in a part. */
function leasing(change: (lease: Lease) => Partial<Lease>): Protocol['lookup'] {
  return (parts, feed, clocks: Clocks) => {
    const right = createLease(() => void confirm().catch(() => undefined), clocks)
    const lease = { ...right, ...change(right) }
    const confirm = shareReadings(followFeed(feed, parts, lease))
    return cachedLookup(parts, { isFresh: lease.counts, confirm })
  }
}
