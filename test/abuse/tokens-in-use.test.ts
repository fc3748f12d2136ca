import { performance } from 'node:perf_hooks'
import { cachedStore } from '@tessera/cached-store'
import { createTokens, digestSecret, generateSecret, insert, shardOf } from '@tessera/core'
import type { TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { beforeAll, describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../support/sample-record.ts'

const FEW = 20_000
const MANY = 60_000
const IN_A_ROW = 250
const ROUNDS = 21
const BATCHES = 5
const ALL_CACHED = { freshness: { maxStalenessMs: 60_000 }, max: MANY, maxBytes: 1_000_000_000 }

const secrets = Array.from({ length: MANY }, () => generateSecret('ot_pat', shardOf('acme')))

async function storeOf(count: number): Promise<TokenStore> {
  const store = memoryStore()
  const sample = sampleRecord()
  for (const [number, secret] of secrets.slice(0, count).entries()) {
    const record = { ...sample, id: `tok_${number}`, owner: `owner ${number % 10_000}`, digest: digestSecret(secret) }
    const { wants, decide } = insert(record, { now: 0, activeLimit: null, idempotency: null })
    await store.change(record.owner, wants, decide)
  }
  return store
}

interface InUse {
  /** Verifies the next tokens, each in its turn and again when all had theirs. Resolves to how long that took. */
  time(uses: number): Promise<number>
  /** Uses all of them so often that each was found, accepted from the cache, and written. */
  warmUp(): Promise<void>
}

function useAll(store: TokenStore, count: number): InUse {
  const tokens = createTokens({ store, prefix: 'ot_pat', now: () => NOW, onEvent: () => {} })
  let next = 0

  async function time(uses: number): Promise<number> {
    const startedAt = performance.now()
    for (let done = 0; done < uses; done += 1) {
      const { ok } = await tokens.verify(secrets[next])
      if (!ok) throw new Error('a token in use was refused')
      next = (next + 1) % count
    }
    return performance.now() - startedAt
  }

  async function warmUp(): Promise<void> {
    for (let used = 0; used < 2 * count; used += count / 5) {
      await time(count / 5)
      await tokens.flush()
    }
  }

  return { time, warmUp }
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN
}

/** How many times as long a use takes among many, measured side by side. */
async function ratioOf(few: InUse, many: InUse): Promise<number> {
  const rounds: { few: number; many: number }[] = []
  while (rounds.length < ROUNDS) rounds.push({ few: await few.time(IN_A_ROW), many: await many.time(IN_A_ROW) })
  return median(rounds.map((round) => round.many)) / median(rounds.map((round) => round.few))
}

/** Has no records in memory, as most stores: each use is noted anew. */
function withoutCache(store: TokenStore): TokenStore {
  const { cache: _cache, ...others } = store
  return others
}

describe('a verification', () => {
  let ofFew: TokenStore
  let ofMany: TokenStore

  beforeAll(async () => {
    ofFew = await storeOf(FEW)
    ofMany = await storeOf(MANY)
  }, 120_000)

  it.each([
    ['a store that has its records in memory', (store: TokenStore) => store],
    ['a store that has not', withoutCache],
    ['a cache', (store: TokenStore) => cachedStore(store, ALL_CACHED)],
  ])(
    'costs at most three times as much with 60,000 tokens in use as with 20,000, on %s',
    async (_, inFront) => {
      const few = useAll(inFront(ofFew), FEW)
      const many = useAll(inFront(ofMany), MANY)
      await few.warmUp()
      await many.warmUp()
      const ratios: number[] = []
      while (ratios.length < BATCHES) ratios.push(await ratioOf(few, many))
      // What else the machine does only adds to it.
      expect(Math.min(...ratios)).toBeLessThan(3)
    },
    120_000,
  )
})
