import type { Decision, Seen, TokenRecord, TokenStore, Wants } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { stepsOn } from '@tessera/store-conformance'
import { describe, expect, it } from 'vitest'
import { changeAt } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { answeredByHand } from '../testing/answered-by-hand.ts'
import { cachedStore } from './cached-store.ts'

const TOKENS = Array.from({ length: 3 }, () => sampleRecord())
const [FIRST, SECOND] = TOKENS as [TokenRecord, TokenRecord]
const { owner } = FIRST
const BOUNDED = { freshness: { maxStalenessMs: 5_000 }, now: () => NOW }

const nothingOf: Wants = { ids: [], key: null }
const suspended = (record: TokenRecord): TokenRecord => ({ ...record, suspendedAt: NOW + 1 })

/** A bounded cache of three tokens, all cached, in front of a store whose `change` is of the test's making. */
async function warm(changing: (memory: TokenStore) => TokenStore['change'] = ({ change }) => change) {
  const memory = memoryStore()
  for (const record of TOKENS) await stepsOn(memory).insert(record, FREELY)
  const reads: string[] = []
  const cached = cachedStore(
    {
      ...memory,
      change: changing(memory),
      findByDigest(digests, shard) {
        reads.push(...digests)
        return memory.findByDigest(digests, shard)
      },
    },
    BOUNDED,
  )
  /** The tokens whose records are read anew. */
  async function readAnew(): Promise<TokenRecord[]> {
    reads.length = 0
    for (const { digest } of TOKENS) await cached.findByDigest([digest], '')
    return TOKENS.filter(({ digest }) => reads.includes(digest))
  }
  await readAnew()
  return { cached, readAnew }
}

describe('change of cachedStore', () => {
  it('forgets the tokens that were wanted or put, and no other', async () => {
    const { cached, readAnew } = await warm()
    const decide = (): Decision<null> => ({ answer: null, put: [suspended(SECOND)] })
    await cached.change(owner, { ...nothingOf, ids: [FIRST.id] }, decide)
    expect(await readAnew()).toEqual([FIRST, SECOND])
  })

  it('forgets what each decision put, whichever was written', async () => {
    const { cached, readAnew } = await warm(({ change }) => async (of, wants, decide) => {
      await change(of, wants, decide)
      return change(of, wants, (seen: Seen) => ({ answer: decide(seen).answer }))
    })
    const puts = [FIRST, SECOND]
    const decide = (): Decision<null> => ({ answer: null, put: puts.splice(0, 1).map(suspended) })
    await cached.change(owner, nothingOf, decide)
    expect(await readAnew()).toEqual([FIRST, SECOND])
  })

  it.each<[string, (memory: TokenStore) => TokenStore['change']]>([
    [
      'rejects',
      ({ change }) =>
        async (...step) => {
          await change(...step)
          throw new Error('down')
        },
    ],
    [
      'throws',
      ({ change }) =>
        (...step) => {
          void change(...step)
          throw new Error('down')
        },
    ],
  ])('rejects, and forgets what may have been changed, if the store %s', async (_how, changing) => {
    const { cached, readAnew } = await warm(changing)
    const decide = (): Decision<null> => ({ answer: null, put: [suspended(SECOND)] })
    await expect(cached.change(owner, { ...nothingOf, ids: [FIRST.id] }, decide)).rejects.toThrow('down')
    expect(await readAnew()).toEqual([FIRST, SECOND])
  })

  it('rejects with what a decision throws, and caches as before', async () => {
    const { cached, readAnew } = await warm()
    const decide = (): never => {
      throw new TypeError('wrong')
    }
    await expect(cached.change(owner, { ...nothingOf, ids: [FIRST.id] }, decide)).rejects.toThrow(TypeError)
    expect(await readAnew()).toEqual([FIRST])
    expect(await readAnew()).toEqual([])
  })

  it('forgets all tokens of an owner that a decision announces', async () => {
    const { cached, readAnew } = await warm()
    await cached.change('another', nothingOf, () => ({ answer: null, announce: 'owner' }))
    expect(await readAnew()).toEqual([])
    await cached.change(owner, nothingOf, () => ({ answer: null, announce: 'owner' }))
    expect(await readAnew()).toEqual(TOKENS)
  })
})

describe('change of cachedStore, while reads are under way', () => {
  const NEW = sampleRecord()

  function opened() {
    const reads = answeredByHand<unknown[], TokenRecord | null>()
    const memory = memoryStore()
    const cached = stepsOn(cachedStore({ ...memory, findByDigest: reads.ask, find: reads.ask }, BOUNDED))
    const find = ({ id, digest }: TokenRecord) =>
      Promise.all([cached.findByDigest([digest], ''), cached.cache?.findToken(owner, id)])
    return { cached, find, reads }
  }

  it('shares those of other tokens further when it adds one, and not those of the added one', async () => {
    const { cached, find, reads } = opened()
    const before = [find(NEW), find(FIRST)]
    await cached.insert(NEW, FREELY)
    const after = [find(NEW), find(FIRST)]
    for (const answer of [null, null, FIRST, FIRST, NEW, NEW]) reads.answer(answer)
    expect(await Promise.all([...before, ...after])).toEqual([
      [null, null],
      [FIRST, FIRST],
      [NEW, NEW],
      [FIRST, FIRST],
    ])
    expect(reads.asked).toHaveLength(6)
  })

  it('neither shares nor keeps any after a change, as each may be of the changed token', async () => {
    const { cached, find, reads } = opened()
    await cached.insert(FIRST, FREELY)
    const before = find(FIRST)
    await cached.suspend(owner, FIRST.id, changeAt(NOW + 1))
    const after = find(FIRST)
    for (const answer of [FIRST, FIRST, suspended(FIRST), suspended(FIRST)]) reads.answer(answer)
    expect(await before).toEqual([FIRST, FIRST])
    expect(await after).toEqual([suspended(FIRST), suspended(FIRST)])
    expect(reads.asked).toHaveLength(4)
  })
})
