import { digestSecret, shardOf } from '@tessera/core'
import type { Idempotency, SortField, TokenRecord } from '@tessera/core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startRedis } from '../../../test/redis/index.ts'
import { changeAt, everyAt, retentionAt, revocationAt, sampleRotation } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { newestMajor } from '../testing/ioredis-majors.ts'
import { LAYOUT_1 } from '../testing/layout-1.ts'
import { openStore } from '../testing/open-store.ts'

const server = await startRedis()
const client = newestMajor.redis({ port: server.port })
const store = openStore(client)

afterAll(async () => {
  client.disconnect()
  await server.stop()
})

const bytes = (text: string) => Buffer.from(text, 'latin1')

beforeEach(async () => {
  await client.call('flushall', [])
  for (const [command = '', ...args] of LAYOUT_1) await client.call(command, args.map(bytes))
})

const OWNER = 'acme'

function token(id: string, facts: Partial<TokenRecord> = {}): TokenRecord {
  return sampleRecord({ id, digest: digestSecret(`layout 1, ${id}`), ...facts })
}

const plain = token('plain')
const revoked = token('revoked', { revokedAt: NOW + 3_000, revokedReason: 'leaked', updatedAt: NOW + 3_000 })
const rotated = token('rotated', {
  rotatedTo: 'successor',
  overlapEndsAt: NOW + 14_000,
  sealedSuccessor: 'c2VhbGVk',
  updatedAt: NOW + 4_000,
})
const successor = token('successor', {
  createdAt: NOW + 4_000,
  rotatedFrom: 'rotated',
  overlapEndsAt: NOW + 14_000,
  pending: true,
})
const TOKENS: readonly TokenRecord[] = [
  token('ended', { expiresAt: NOW + 5_000 }),
  token('full', {
    name: 'Größe 100% 🚀',
    scopes: ['jobs:read'],
    createdBy: 'ada@example.com',
    attributes: { environment: 'staging', note: 'two\nlines\tand a tab' },
    expiresAt: NOW + 100_000,
    networks: ['10.0.0.0/8', '2001:db8::/32'],
    preview: 'ot_pat_9a8b********7c6d',
  }),
  plain,
  revoked,
  rotated,
  token('suspended', { suspendedAt: NOW + 2_000, updatedAt: NOW + 2_000 }),
  token('unannounced', { suspendedAt: NOW + 7_000, updatedAt: NOW + 7_000 }),
  token('used', { expiresAt: NOW + 90_000, lastUsedAt: NOW + 1_000 }),
  successor,
]

async function idsBy(by: SortField): Promise<string[]> {
  const sort = { by, direction: 'asc' } as const
  const query = { owner: OWNER, now: NOW + 8_000, statuses: null, name: null, sort, window: 'all' } as const
  return (await store.list(query)).records.map(({ id }) => id)
}

function requestOf(key: string): Idempotency {
  return { key: `ot_pat:${key}`, fingerprint: `of ${key}`, expiresAt: NOW + 86_400_000 }
}

describe('keys of layout 1', () => {
  it('are read as what they say, by id and by digest', async () => {
    for (const each of TOKENS) {
      expect(await store.find(OWNER, each.id)).toEqual(each)
      expect(await store.findByDigest([each.digest], shardOf(OWNER))).toEqual(each)
    }
  })

  it('are listed in every order', async () => {
    const ids = TOKENS.map(({ id }) => id)
    expect(await idsBy('createdAt')).toEqual(ids)
    expect(await idsBy('id')).toEqual(ids.toSorted())
    expect(await idsBy('lastUsedAt')).toEqual([...ids.toSorted().filter((id) => id !== 'used'), 'used'])
    expect((await idsBy('status')).slice(-3)).toEqual(['revoked', 'suspended', 'unannounced'])
  })

  it('answer kept requests', async () => {
    const { expiresAt } = requestOf('')
    const issue = { ...FREELY, idempotency: requestOf('issue') }
    expect(await store.insert(sampleRecord(), issue)).toEqual({ outcome: 'replayed', record: plain })
    const revoke = { ...revocationAt(NOW + 9_000), idempotency: requestOf('revoke') }
    expect(await store.revoke(OWNER, 'plain', revoke)).toEqual({ outcome: 'replayed', record: revoked })
    const all = everyAt(NOW + 9_000, { idempotency: requestOf('revoke all') })
    expect(await store.revokeAll('globex', all)).toEqual({ outcome: 'replayed', revoked: 1 })
    const other = { ...FREELY, idempotency: { key: 'ot_pat:issue', fingerprint: 'another', expiresAt } }
    expect(await store.insert(sampleRecord(), other)).toEqual({ outcome: 'idempotency_conflict' })
  })

  it('have a feed that goes on', async () => {
    const before = await store.feed.revision()
    expect(before).toMatch(/^4-235162221117645\b/)
    await store.revoke(OWNER, 'plain', revocationAt(NOW + 8_000))
    const { revision, digests } = await store.feed.changesSince(before)
    expect([digests, revision.slice(0, 2)]).toEqual([[plain.digest], '5-'])
    const third = before.replace('4-235162221117645', '3-177750628586696')
    const bulk = digestSecret('layout 1, in bulk')
    expect((await store.feed.changesSince(third)).digests).toEqual([bulk, plain.digest])
  })

  it('announce what an earlier process could not', async () => {
    const before = await store.feed.revision()
    const suspension = await store.suspend(OWNER, 'unannounced', changeAt(NOW + 7_000))
    expect(suspension.outcome).toBe('done')
    const { digests } = await store.feed.changesSince(before)
    expect(digests).toEqual([digestSecret('layout 1, unannounced')])
  })

  it('are changed, counted and pruned', async () => {
    const full = { ...FREELY, now: NOW + 8_000, activeLimit: 6 }
    expect(await store.insert(sampleRecord(), full)).toEqual({ outcome: 'limit_reached', active: 6 })
    expect(await store.completeRotation(OWNER, 'successor', NOW + 8_000)).toMatchObject({ overlapEndsAt: null })
    expect(await store.find(OWNER, 'rotated')).toMatchObject({ revokedAt: NOW + 8_000, sealedSuccessor: null })
    expect(await store.resume(OWNER, 'suspended', changeAt(NOW + 8_000))).toMatchObject({ outcome: 'done' })
    expect(await store.rotate(OWNER, 'used', sampleRotation({ at: NOW + 8_000 }))).toMatchObject({ outcome: 'rotated' })
    expect(await store.revokeAll(OWNER, everyAt(NOW + 9_000))).toEqual({ outcome: 'done', revoked: 7 })
    expect(await store.prune(retentionAt(NOW + 200_000))).toBe(11)
    expect(await idsBy('createdAt')).toEqual([])
  })

  it('are what is written today', async () => {
    await client.call('flushall', [])
    await store.insert(plain, { ...FREELY, idempotency: requestOf('issue') })
    const golden = LAYOUT_1.filter(([command, , value]) => command === 'set' && value?.includes('\nplain\n'))
    expect(golden).toHaveLength(1)
    for (const [, key = '', value = ''] of golden) {
      expect(await client.callBuffer('get', [bytes(key)])).toEqual(bytes(value))
    }
    const found = new Set(LAYOUT_1.map(([, key]) => key))
    const keys = await client.callBuffer('eval', ["return redis.call('KEYS', '*')", 0])
    const names = (Array.isArray(keys) ? keys : []).map((key) => Buffer.from(key).toString('latin1'))
    expect(names.filter((name) => !found.has(name))).toEqual([])
    expect(names).toHaveLength(6)
  })
})
