import { randomUUID } from 'node:crypto'
import { shardOf } from '@tessera/core'
import type { TokenStore } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { stepsOn, testTokenStore } from '@tessera/store-conformance'
import { Redis } from 'ioredis'
import { afterAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../../test/redis/index.ts'
import { revocationAt } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { cachedStore } from './cached-store.ts'

const server = await startRedis()
const clients = Array.from({ length: 4 }, () => new Redis(server.port))

afterAll(async () => {
  for (const client of clients) client.disconnect()
  await server.stop()
})

const [client = new Redis(server.port)] = clients
// The clock of these tests runs years ahead.
const CENTURY_MS = 100 * 365 * 24 * 3_600_000
const KEPT = 200
// An hour ahead of the suite's own clock: a pruned token is one that had expired.
const now = () => Date.UTC(2040, 0, 1, 1)
// Races put hundreds of operations on one connection, and time is not what this is about.
const deadlineMs = 20_000

const prefixes = new WeakMap<TokenStore, string>()
let handles = 0
function handle(keyPrefix: string): TokenStore {
  const options = { keyPrefix, changesKept: KEPT, deadlineMs, clockToleranceMs: CENTURY_MS }
  const source = redisStore(clients[handles++ % clients.length] ?? client, options)
  const store = cachedStore(source, { max: 1_000, now, deadlineMs })
  prefixes.set(store, keyPrefix)
  return store
}
const create = () => handle(`${randomUUID()}:`)

// A bounded cache has no more to do with Redis than with the memory that it passes the suite on.
testTokenStore('cached-store on Redis, alone', { create, changeFeed: { keeps: KEPT } })
testTokenStore('cached-store on Redis, several', {
  create,
  connect: (store) => handle(prefixes.get(store) ?? ''),
  changeFeed: { keeps: KEPT },
})

/** How often the server carried out each command while `work` was done, as it counts itself. */
async function commandsOf(work: () => Promise<unknown>): Promise<Record<string, number>> {
  await client.config('RESETSTAT')
  await work()
  const counted = (await client.info('commandstats')).matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)
  const calls = [...counted].map(([, name = '', count]) => [name, Number(count)] as const)
  return Object.fromEntries(calls.filter(([name]) => name !== 'config|resetstat' && name !== 'info'))
}

describe('cachedStore on Redis', () => {
  const SHARD = shardOf('acme')
  const times = <Answer>(count: number, work: () => Promise<Answer>) => Promise.all(Array.from({ length: count }, work))

  async function warm() {
    const keyPrefix = `${randomUUID()}:`
    const source = stepsOn(redisStore(client, { keyPrefix, deadlineMs }))
    const token = sampleRecord()
    await source.insert(token, FREELY)
    const store = cachedStore(source, { now: () => NOW, deadlineMs })
    const find = () => store.findByDigest([token.digest], SHARD)
    await find()
    return { keyPrefix, store, token, find }
  }

  it('reads the short revision for a hit, and nothing else', async () => {
    const { find } = await warm()
    expect(await commandsOf(find)).toEqual({ evalsha: 1, get: 1 })
  })

  it('reads it once for a thousand hits at once', async () => {
    const { find } = await warm()
    expect(await commandsOf(() => times(1_000, find))).toEqual({ evalsha: 1, get: 1 })
  })

  it('reads it twice for hits that come while the first reading is under way', async () => {
    const { find } = await warm()
    const work = async () => {
      const first = find()
      await new Promise(process.nextTick)
      await Promise.all([first, times(1_000, find)])
    }
    expect(await commandsOf(work)).toEqual({ evalsha: 2, get: 2 })
  })

  it('reads the record with one more command for a thousand misses at once', async () => {
    const { store } = await warm()
    expect(await commandsOf(() => times(1_000, () => store.findByDigest(['unknown'], SHARD)))).toEqual({
      evalsha: 1,
      get: 1,
      getex: 1,
    })
  })

  it('reads the short revision, and nothing else, for a token by its id whose record is cached', async () => {
    const { store, token } = await warm()
    const findToken = async () => store.cache?.findToken(token.owner, token.id)
    expect(await commandsOf(() => times(1_000, findToken))).toEqual({ evalsha: 1, get: 1 })
    expect(await findToken()).toEqual(token)
  })

  it('refuses in each process what was revoked through another, once that was acknowledged', async () => {
    const { keyPrefix, token } = await warm()
    const stores = clients.map((each) => stepsOn(cachedStore(redisStore(each, { keyPrefix, deadlineMs }))))
    const found = () => Promise.all(stores.map((store) => store.findByDigest([token.digest], SHARD)))
    expect(await found()).toEqual(stores.map(() => token))
    await stores[0]?.revoke(token.owner, token.id, revocationAt(NOW + 1))
    expect(await found()).toMatchObject(stores.map(() => ({ revokedAt: NOW + 1 })))
  })

  it('does not know a token any more whose issue the server lost, though no change announces that', async () => {
    await using forgetful = await startRedis()
    const connection = new Redis(forgetful.port).on('error', () => {})
    const source = stepsOn(redisStore(connection))
    const store = cachedStore(source)
    await source.feed.revision()
    await connection.save()
    const token = sampleRecord()
    await source.insert(token, FREELY)
    expect(await store.findByDigest([token.digest], SHARD)).toEqual(token)
    await forgetful.restart()
    expect(await store.findByDigest([token.digest], SHARD)).toBeNull()
    connection.disconnect()
  })
})
