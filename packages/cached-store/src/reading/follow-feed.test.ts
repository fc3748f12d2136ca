import type { Changes } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { answeredByHand } from '../../testing/answered-by-hand.ts'
import { flushPromises } from '../../testing/flush-promises.ts'
import { createRecords } from '../records/records.ts'
import { followFeed } from './follow-feed.ts'
import { createObserver } from './observe.ts'
import { createPendingReads } from './pending-reads.ts'

const A = sampleRecord({ id: 'a', digest: 'a' })
const B = sampleRecord({ id: 'b', owner: 'of b', digest: 'b' })

/** A follower that is at the revision `7-x`, with two records cached and two pending reads. */
async function following() {
  const now = () => NOW
  const records = createRecords({ max: 10, maxBytes: 1_000_000, maxAgeMs: null, now, monotonicNow: now })
  const pending = createPendingReads()
  const revision = answeredByHand<[], string>()
  const changesSince = answeredByHand<[string], Changes>()
  const waits: ((error: Error) => void)[] = []
  const read = followFeed(
    { revision: revision.ask, changesSince: changesSince.ask },
    {
      records,
      pending,
      pendingById: createPendingReads(),
      observer: createObserver(),
      withinDeadline: (_operation, work) =>
        new Promise((resolve, reject) => {
          waits.push(reject)
          work().then(resolve, reject)
        }),
    },
  )
  const first = read()
  revision.answer('7-x')
  await flushPromises()
  changesSince.answer({ revision: '7-x', digests: 'reset' })
  await first
  for (const record of [A, B]) records.keep(record, NOW)
  const kept: string[] = []
  const arrivals = ['a', 'c'].map((digest) => {
    const { ask, answer } = answeredByHand<[], typeof A>()
    void pending.share([digest], ask, () => kept.push(digest))
    return () => answer({ ...A, digest })
  })
  return {
    read,
    revision,
    changesSince,
    giveUp: () => waits.at(-1)?.(new Error('late')),
    cached: () => [A, B].filter(({ digest }) => records.find([digest], NOW) !== null).map(({ digest }) => digest),
    async keptReads() {
      for (const arrive of arrivals) arrive()
      await flushPromises()
      return kept
    },
  }
}

describe('followFeed', () => {
  it('asks at first for what changed since nothing, which is answered with a reset', async () => {
    const { revision, changesSince } = await following()
    expect([revision.asked, changesSince.asked]).toEqual([[[]], [['']]])
  })

  it('reads the revision and nothing else while that stays the same', async () => {
    const { read, revision, changesSince, cached, keptReads } = await following()
    const reading = read()
    revision.answer('7-x')
    await reading
    expect([revision.asked.length, changesSince.asked.length]).toEqual([2, 1])
    expect(cached()).toEqual(['a', 'b'])
    expect(await keptReads()).toEqual(['a', 'c'])
  })

  it('forgets what changed, and drops the pending reads of it', async () => {
    const { read, revision, changesSince, cached, keptReads } = await following()
    const reading = read()
    revision.answer('8-y')
    await flushPromises()
    expect(changesSince.asked.at(-1)).toEqual(['7-x'])
    changesSince.answer({ revision: '9-z', digests: ['a', 'unknown'] })
    await reading
    expect(cached()).toEqual(['b'])
    expect(await keptReads()).toEqual(['c'])
    void read()
    expect(changesSince.asked.at(-1)).toEqual(['9-z'])
  })

  it('asks for changes at once after a reading that found some, until one finds none', async () => {
    const { read, revision, changesSince } = await following()
    const [revisions, changes] = [() => revision.asked.length, () => changesSince.asked.length]
    const first = read()
    revision.answer('8-y')
    await flushPromises()
    changesSince.answer({ revision: '8-y', digests: ['a'] })
    await first
    expect([revisions(), changes()]).toEqual([2, 2])
    const second = read()
    changesSince.answer({ revision: '8-y', digests: [] })
    await second
    expect([revisions(), changes()]).toEqual([2, 3])
    expect(changesSince.asked.at(-1)).toEqual(['8-y'])
    void read()
    expect([revisions(), changes()]).toEqual([3, 3])
  })

  it('forgets everything and drops all pending reads on a reset', async () => {
    const { read, revision, changesSince, cached, keptReads } = await following()
    const reading = read()
    revision.answer('7-another')
    await flushPromises()
    changesSince.answer({ revision: '7-another', digests: 'reset' })
    await reading
    expect(cached()).toEqual([])
    expect(await keptReads()).toEqual([])
  })

  it("forgets an owner's records, and drops all pending reads, which may be of that owner", async () => {
    const { read, revision, changesSince, cached, keptReads } = await following()
    const reading = read()
    revision.answer('8-y')
    await flushPromises()
    changesSince.answer({ revision: '8-y', digests: [], owners: ['another', B.owner] })
    await reading
    expect(cached()).toEqual(['a'])
    expect(await keptReads()).toEqual([])
  })

  it('stays where it is when a reading fails, at whichever question', async () => {
    const { read, revision, changesSince, cached } = await following()
    const down = new Error('down')
    const first = read()
    revision.fail(down)
    await expect(first).rejects.toBe(down)
    const second = read()
    revision.answer('8-y')
    await flushPromises()
    changesSince.fail(down)
    await expect(second).rejects.toBe(down)
    expect(cached()).toEqual(['a', 'b'])
    void read()
    revision.answer('8-y')
    await flushPromises()
    expect(changesSince.asked.at(-1)).toEqual(['7-x'])
  })

  it('makes no use of what a reading brings that was given up', async () => {
    const { read, revision, changesSince, giveUp, cached } = await following()
    const late = read()
    giveUp()
    await expect(late).rejects.toThrow('late')
    revision.answer('6-old')
    await flushPromises()
    changesSince.answer({ revision: '6-old', digests: 'reset' })
    await flushPromises()
    expect(cached()).toEqual(['a', 'b'])
    const reading = read()
    revision.answer('7-x')
    await reading
    expect(cached()).toEqual(['a', 'b'])
  })
})
