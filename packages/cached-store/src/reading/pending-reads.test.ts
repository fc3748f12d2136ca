import type { TokenRecord } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { sampleRecord } from '../../../../test/support/sample-record.ts'
import { answeredByHand } from '../../testing/answered-by-hand.ts'
import { createPendingReads } from './pending-reads.ts'

const A = sampleRecord({ id: 'a', digest: 'a' })

function opened() {
  const pending = createPendingReads()
  const { ask, asked, answer, fail } = answeredByHand<[], TokenRecord | null>()
  const kept: TokenRecord[] = []
  const share = (...digests: string[]) => pending.share(digests, ask, (record) => kept.push(record))
  return { pending, share, asked, answer, fail, kept }
}

describe('share', () => {
  it('reads once for all who look for the same digests meanwhile, and keeps the record once', async () => {
    const { share, asked, answer, kept } = opened()
    const readings = Promise.all([share('a'), share('a'), share('a')])
    expect(asked).toHaveLength(1)
    answer(A)
    expect(await readings).toEqual([A, A, A])
    expect(kept).toEqual([A])
  })

  it('reads again when the read has ended', async () => {
    const { share, asked, answer } = opened()
    const first = share('a')
    answer(A)
    await first
    void share('a')
    expect(asked).toHaveLength(2)
  })

  it('reads for each digest by itself', async () => {
    const { share, answer } = opened()
    const readings = Promise.all([share('a'), share('b')])
    answer(A)
    answer(null)
    expect(await readings).toEqual([A, null])
  })

  it('shares no read that looks for other digests as well, or for fewer', async () => {
    const { share, asked, answer } = opened()
    const readings = Promise.all([share('b'), share('b', 'a'), share(), share('a', 'b')])
    expect(asked).toHaveLength(4)
    for (const record of [null, A, null, A]) answer(record)
    expect(await readings).toEqual([null, A, null, A])
  })

  it('keeps nothing where there is nothing', async () => {
    const { share, answer, kept } = opened()
    const reading = share('a')
    answer(null)
    expect(await reading).toBeNull()
    expect(kept).toEqual([])
  })

  it('rejects for all who share a read that fails, and reads again for the next', async () => {
    const { share, asked, answer, fail, kept } = opened()
    const refusals = Promise.allSettled([share('a'), share('a')])
    const down = new Error('down')
    fail(down)
    expect(await refusals).toEqual([
      { status: 'rejected', reason: down },
      { status: 'rejected', reason: down },
    ])
    const reading = share('a')
    answer(A)
    expect(await reading).toBe(A)
    expect([asked.length, kept]).toEqual([2, [A]])
  })
})

describe.each([
  ['drop', (digest: string) => (pending: ReturnType<typeof createPendingReads>) => pending.drop(digest)],
  ['dropAll', () => (pending: ReturnType<typeof createPendingReads>) => pending.dropAll()],
])('%s', (_name, dropOf) => {
  it('lets a pending read be neither kept nor shared, and answer whoever waits for it', async () => {
    const { pending, share, asked, answer, kept } = opened()
    const before = share('a')
    dropOf('a')(pending)
    const after = share('a')
    expect(asked).toHaveLength(2)
    const revoked = { ...A, revokedAt: 1 }
    answer(A)
    answer(revoked)
    expect(await Promise.all([before, after])).toEqual([A, revoked])
    expect(kept).toEqual([revoked])
  })

  it.each(['a', 'b'])('concerns a read that looks for %s among other digests', async (digest) => {
    const { pending, share, asked, answer, kept } = opened()
    const before = share('a', 'b')
    dropOf(digest)(pending)
    void share('a', 'b')
    expect(asked).toHaveLength(2)
    answer(A)
    await before
    expect(kept).toEqual([])
  })

  it('leaves the read that follows a dropped one alone when that one ends', async () => {
    const { pending, share, asked, answer, fail } = opened()
    const before = share('a').catch(() => null)
    dropOf('a')(pending)
    const after = share('a')
    fail(new Error('down'))
    await before
    const joined = share('a')
    expect(asked).toHaveLength(2)
    answer(A)
    expect(await Promise.all([after, joined])).toEqual([A, A])
  })
})

describe('drop', () => {
  it('concerns a read whose digest another read has begun to look for', async () => {
    const { pending, share, answer, kept } = opened()
    const before = share('b', 'a')
    void share('a')
    pending.drop('a')
    answer(A)
    await before
    expect(kept).toEqual([])
  })

  it('leaves reads of other digests as they are', async () => {
    const { pending, share, asked, answer, kept } = opened()
    const reading = share('a')
    pending.drop('b')
    void share('a')
    answer(A)
    await reading
    expect([asked.length, kept]).toEqual([1, [A]])
  })
})
