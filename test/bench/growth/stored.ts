import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { startRedis } from '../../redis/index.ts'
import type { RedisServer } from '../../redis/index.ts'
import type { Bench } from '../harness/bench.ts'
import type { Row } from '../harness/group.ts'
import { atLeast } from '../harness/target.ts'
import type { Target } from '../harness/target.ts'
import { repeat } from '../harness/repeat.ts'
import { PREFIX, shuffled } from '../in-process/issued-tokens.ts'
import { acceptedRow } from '../in-process/verify.ts'
import { verifyRow } from '../redis/lookups.ts'
import { fill, fillRedis, NOW } from '../scale/fill.ts'
import type { Filling } from '../scale/fill.ts'
import { AT_ONCE } from './verifier.ts'

const COUNTS = [1_000, 10_000, 100_000, 250_000, 1_000_000]
const TARGETS: ReadonlyMap<number, Target> = new Map([[250_000, atLeast(0.4)]])
const NOTE = 'all tokens in turn, in random order; their use is written already, and each was verified once before'

/** Verifications among many tokens, against those among 1,000: all that is stored is verified. */
export async function measureStored(bench: Bench): Promise<void> {
  await measureInMemory(bench)
  await measureInRedis(bench)
}

async function measureInMemory(bench: Bench): Promise<void> {
  const rows: Row[] = []
  for (const count of COUNTS) {
    const store = memoryStore()
    const secrets = await fill(store, fillingOf(count))
    const tokens = createTokens({ store, prefix: PREFIX, now: () => NOW })
    for (const secret of secrets) await tokens.verify(secret)
    const target = TARGETS.get(count)
    rows.push({ ...acceptedRow(nameOf(count), tokens, shuffled(secrets)), ...(target && { target }) })
  }
  await measureRows(bench, 'memory-store', rows)
}

async function measureInRedis(bench: Bench): Promise<void> {
  const opened: { readonly server: RedisServer; readonly client: Redis }[] = []
  const rows: Row[] = []
  for (const count of COUNTS) {
    const server = await startRedis()
    const client = new Redis(server.port, '127.0.0.1')
    opened.push({ server, client })
    const secrets = await fillRedis(server, fillingOf(count))
    const tokens = createTokens({ store: redisStore(client), prefix: PREFIX, now: () => NOW })
    await repeat(secrets.length, AT_ONCE, (number) => tokens.verify(secrets[number]))
    rows.push(verifyRow(nameOf(count), tokens, shuffled(secrets), AT_ONCE))
  }
  await measureRows(bench, `redis-store, ${AT_ONCE} at once`, rows)
  for (const { server, client } of opened) {
    client.disconnect()
    await server.stop()
  }
}

async function measureRows(bench: Bench, store: string, rows: readonly Row[]): Promise<void> {
  const [base, ...others] = rows
  if (base === undefined) throw new Error('there is nothing to verify')
  const name = `Growth: verifications over tokens in the store, ${store}`
  await bench.measure({ name, compares: 'rate', base: { ...base, note: NOTE }, rows: others })
}

function fillingOf(count: number): Filling {
  return { someRevoked: false, from: 0, to: count, ownerOf: (number) => `owner-${Math.floor(number / 10)}` }
}

function nameOf(count: number): string {
  return `${count.toLocaleString('en')} tokens`
}
