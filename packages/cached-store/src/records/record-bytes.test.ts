import { createHash, randomUUID } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createTokens, generateSecret, shardOf } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { sampleRecord } from '../../../../test/support/sample-record.ts'
import { cachedStore } from '../cached-store.ts'
import { bytesOf } from './record-bytes.ts'

const MANY = 4_000
const NOW = Date.now()

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function heapUsed(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

const USUAL: Partial<TokenRecord> = {
  name: 'ci deploy',
  createdBy: 'ada@example.com',
  scopes: ['jobs:read', 'jobs:write', 'keys:read'],
  attributes: { environment: 'staging' },
  createdAt: NOW - 60_000,
  updatedAt: NOW - 60_000,
  lastUsedAt: NOW - 5_000,
  expiresAt: NOW + 3_600_000,
}

/** A record as a store reads it: no text of it is in another record. */
function recordOf(number: number, facts: (number: number) => Partial<TokenRecord>): [secret: string, text: string] {
  const owner = `owner-${Math.floor(number / 10)}`
  const secret = generateSecret('ot_pat', shardOf(owner))
  const digest = createHash('sha256').update(secret).digest('base64url')
  return [secret, JSON.stringify(sampleRecord({ ...USUAL, id: randomUUID(), owner, digest, ...facts(number) }))]
}

/** What a record takes on the heap when it is cached and in use, and what that was reckoned to be. */
async function measure(facts: (number: number) => Partial<TokenRecord>): Promise<{ taken: number; reckoned: number }> {
  const presented = Array.from({ length: MANY }, (_, number) => recordOf(number, facts))
  const texts = new Map(
    presented.map(([secret, text]) => [createHash('sha256').update(secret).digest('base64url'), text]),
  )
  const behind = memoryStore()
  const before = heapUsed()
  const findByDigest = async ([digest = '']: readonly string[]) =>
    JSON.parse(texts.get(digest) ?? 'null') as TokenRecord | null
  const store = cachedStore({ ...behind, findByDigest }, { max: MANY })
  const tokens = createTokens({ store, prefix: 'ot_pat' })
  for (const _ of ['first', 'from the cache']) for (const [secret] of presented) await tokens.verify(secret)
  const taken = (heapUsed() - before) / MANY
  expect(tokens.stats().cache).toMatchObject({ hits: MANY, misses: MANY })
  await tokens.close()
  const sizes = presented.slice(0, 1_000).map(([, text]) => bytesOf(JSON.parse(text) as TokenRecord))
  return { taken, reckoned: sizes.reduce((sum, size) => sum + size, 0) / sizes.length }
}

describe('bytesOf', { timeout: 120_000 }, () => {
  it.each<[string, (number: number) => Partial<TokenRecord>]>([
    ['a usual record', () => ({})],
    [
      'one of scopes that no other has',
      (number) => ({ scopes: [`jobs:${number}`, `keys:${number}`, `runs:${number}`] }),
    ],
    ['a long one', (number) => ({ name: `${number} `.repeat(40), createdBy: `${number} `.repeat(40) })],
    ['one in Greek', (number) => ({ name: `Ω${number}`.repeat(40) })],
    [
      'one of ten attributes',
      (number) => ({
        attributes: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`fact ${n}`, `${number} is ${n}`])),
      }),
    ],
  ])('is about what %s takes', async (_name, facts) => {
    const { taken, reckoned } = await measure(facts)
    expect(taken / reckoned).toBeGreaterThan(0.6)
    expect(taken / reckoned).toBeLessThan(1.2)
  })

  it('reckons that the default of both bounds is reached by the same number of usual records', () => {
    const [, text] = recordOf(99_999, () => ({}))
    const fit = 200_000_000 / bytesOf(JSON.parse(text) as TokenRecord)
    expect(fit).toBeGreaterThan(100_000)
    expect(fit).toBeLessThan(115_000)
  })
})
