import type { TokenRecord } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { stepsOn } from '@tessera/store-conformance'
import { describe, expect, it } from 'vitest'
import { retentionAt } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { answeredByHand } from '../testing/answered-by-hand.ts'
import { cachedStore } from './cached-store.ts'

const TOKEN = sampleRecord()
const { owner, id, digest } = TOKEN

/** A cache without a feed, whose reads of records wait for their answers, and what looks for the token in both ways. */
function opened() {
  const reads = answeredByHand<unknown[], TokenRecord | null>()
  const store = { ...memoryStore(), findByDigest: reads.ask, find: reads.ask }
  const cached = cachedStore(store, { freshness: { maxStalenessMs: 5_000 }, now: () => NOW })
  const look = () => Promise.all([cached.findByDigest([digest], ''), cached.cache?.findToken(owner, id)])
  return { cached, look, reads }
}

describe('cachedStore, while a read is under way', () => {
  it('does not share it with who looks for a token after that was inserted through it', async () => {
    const { cached, look, reads } = opened()
    const before = look()
    await stepsOn(cached).insert(TOKEN, FREELY)
    const after = look()
    for (const answer of [null, null, TOKEN, TOKEN]) reads.answer(answer)
    expect([await before, await after]).toEqual([
      [null, null],
      [TOKEN, TOKEN],
    ])
  })

  it('does not share it with who looks for a token after that was pruned through it', async () => {
    const { cached, look, reads } = opened()
    const ended = { ...TOKEN, revokedAt: NOW }
    const before = look()
    await cached.prune(retentionAt(NOW + 1))
    const after = look()
    for (const answer of [ended, ended, null, null]) reads.answer(answer)
    expect([await before, await after]).toEqual([
      [ended, ended],
      [null, null],
    ])
  })
})
