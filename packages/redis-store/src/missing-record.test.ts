import { createHash, randomUUID } from 'node:crypto'
import { StoreError, createTokens, shardOf } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startCluster, startRedis } from '../../../test/redis/index.ts'
import { everyAt, retentionAt, revocationAt, sampleRotation } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { MAJORS } from '../testing/ioredis-majors.ts'
import type { OpenStore } from '../testing/open-store.ts'
import { patientStore } from '../testing/patient-store.ts'
import { keysUnder } from './client/keys.ts'
import { packDigest } from './text/packed-digest.ts'

const server = await startRedis()
const cluster = await startCluster(2)

afterAll(() => Promise.all([server.stop(), cluster.stop()]))

const OWNER = 'acme'
const SHARD = shardOf(OWNER)
const sort = { by: 'createdAt', direction: 'asc' } as const
const LIST = { owner: OWNER, now: NOW, statuses: null, name: null, sort, window: 'all' } as const

const TOPOLOGIES = MAJORS.flatMap(([name, major]) => [
  { name: `one server, ${name}`, open: () => major.redis({ port: server.port }) },
  { name: `a cluster, ${name}`, open: () => major.cluster(cluster.nodes.map(({ port }) => port)) },
])

describe.each(TOPOLOGIES)('a token of which a part was removed by hand, $name', ({ open }) => {
  const client = open()
  let keyPrefix: string
  let store: OpenStore
  let tokens: readonly TokenRecord[]

  beforeEach(async () => {
    keyPrefix = `${randomUUID()}:`
    store = patientStore(client, { keyPrefix })
    tokens = [1, 2, 3].map((number) => sampleRecord({ createdAt: NOW + number, expiresAt: NOW + 100 * number }))
    for (const token of tokens) await store.insert(token, FREELY)
  })
  afterAll(() => client.disconnect())

  const ownerKeys = () => keysUnder(keyPrefix).ofPrefix(OWNER, 'ot_pat')
  const recordKey = (number: number) => packDigest(tokens[number]?.digest ?? '', ownerKeys().stem)
  const idOf = (number: number) => tokens[number]?.id ?? ''
  const listed = async () => (await store.list(LIST)).records.map(({ id }) => id)

  describe('its record', () => {
    beforeEach(() => client.call('del', [recordKey(1)]))

    it('is passed over by lists, and not found', async () => {
      expect(await listed()).toEqual([idOf(0), idOf(2)])
      const page = await store.list({ ...LIST, window: { after: null, limit: 2 } })
      expect(page).toMatchObject({ records: [{ id: idOf(0) }, { id: idOf(2) }], next: null })
      expect(await store.find(OWNER, idOf(1))).toBeNull()
      expect(await store.revoke(OWNER, idOf(1), revocationAt(NOW))).toEqual({ outcome: 'not_found' })
      expect(await store.rotate(OWNER, idOf(1), sampleRotation())).toEqual({ outcome: 'not_found' })
      expect(await store.completeRotation(OWNER, idOf(1), NOW)).toBeNull()
      await store.recordUse([{ owner: OWNER, id: idOf(1), at: NOW }])
      await store.rekey(OWNER, idOf(1), sampleRecord().digest)
    })

    it('is passed over when all are revoked', async () => {
      expect(await store.revokeAll(OWNER, everyAt(NOW))).toEqual({ outcome: 'done', revoked: 2 })
      expect(await store.revokeAll(OWNER, everyAt(NOW))).toEqual({ outcome: 'done', revoked: 0 })
    })

    it('is pruned with its end, and leaves nothing in the indexes', async () => {
      expect(await store.prune(retentionAt(NOW + 201))).toBe(1)
      const { created, digests, ends } = ownerKeys()
      expect(await client.call('zrange', [created, 0, -1])).toEqual([idOf(2)])
      expect(await client.call('hlen', [digests])).toBe(1)
      expect(await client.call('zcard', [ends])).toBe(1)
      expect(await store.prune(retentionAt(NOW + 301))).toBe(1)
      expect(await client.call('exists', [created])).toBe(0)
      expect(await client.call('exists', [digests])).toBe(0)
    })

    it('takes up no place of the limit once that is reached', async () => {
      const limited = { ...FREELY, activeLimit: 3 }
      expect(await store.insert(sampleRecord(), limited)).toEqual({ outcome: 'inserted' })
      expect(await store.insert(sampleRecord(), limited)).toEqual({ outcome: 'limit_reached', active: 3 })
    })
  })

  it('has no predecessor left that a successor could end', async () => {
    const rotation = sampleRotation()
    await store.rotate(OWNER, idOf(1), rotation)
    await client.call('del', [recordKey(1)])
    expect(await store.completeRotation(OWNER, rotation.successor.id, NOW)).toMatchObject({ overlapEndsAt: null })
  })

  it('is given another successor if the record of the first one is missing', async () => {
    const { successor } = sampleRotation()
    await store.rotate(OWNER, idOf(1), sampleRotation({ successor }))
    await client.call('del', [packDigest(successor.digest, ownerKeys().stem)])
    const again = await store.rotate(OWNER, idOf(1), sampleRotation({ sealedSuccessor: 'v1.sealed' }))
    expect(again).toMatchObject({ outcome: 'rotated', ended: [] })
  })

  it.each(['created', 'digests'] as const)(
    'fails a revocation of all if %s lacks it, and revokes the others',
    async (name) => {
      if (name === 'created') await client.call('zrem', [ownerKeys().created, idOf(1)])
      else await client.call('del', [ownerKeys().digests])
      await expect(store.revokeAll(OWNER, everyAt(NOW))).rejects.toThrow(StoreError)
      const found = await Promise.all(tokens.map(({ digest }) => store.findByDigest([digest], SHARD)))
      const revoked = name === 'created' ? [NOW, null, NOW] : [null, null, null]
      expect(found.map((record) => record?.revokedAt)).toEqual(revoked)
    },
  )

  it.each(['created', 'digests'] as const)(
    'fails a revocation of all if %s lacks it, also if the owner has tokens of another API',
    async (name) => {
      const other = sampleRecord({ prefix: 'tok_live' })
      await store.insert(other, FREELY)
      expect(await listed()).toHaveLength(3)
      const { created, digests } = ownerKeys()
      if (name === 'created') await client.call('zrem', [created, idOf(1)])
      else await client.call('hdel', [digests, createHash('sha1').update(idOf(1)).digest('hex').slice(0, 12)])
      await expect(store.revokeAll(OWNER, everyAt(NOW))).rejects.toThrow(StoreError)
      const found = await Promise.all([...tokens, other].map(({ digest }) => store.findByDigest([digest], SHARD)))
      expect(found.map((record) => record?.revokedAt)).toEqual([NOW, null, NOW, null])
    },
  )

  it.each([{ createdBy: 'nobody' }, { makers: ['nothing'] }])(
    'fails a revocation of some that created may lack, by %j',
    async (some) => {
      await client.call('zrem', [ownerKeys().created, idOf(1)])
      await expect(store.revokeAll(OWNER, everyAt(NOW, some))).rejects.toThrow(StoreError)
    },
  )

  it('leaves a list of several prefixes with a next place, from where reading on fails', async () => {
    await store.insert(sampleRecord({ prefix: 'old_pat', createdAt: NOW }), FREELY)
    await client.call('zrem', [ownerKeys().created, idOf(1)])
    const query = { ...LIST, prefixes: ['ot_pat', 'old_pat'] }
    const page = await store.list({ ...query, window: { after: null, limit: 5 } })
    expect([page.records.length, page.next?.id]).toEqual([3, idOf(2)])
    await expect(store.list({ ...query, window: { after: page.next, limit: 5 } })).rejects.toThrow(StoreError)
  })

  it('is no success of a revocation by its secret that has no index left', async () => {
    const api = createTokens({ store, prefix: 'ot_pat' })
    const { secret } = await api.issue({ owner: OWNER, name: 'ci', scopes: [] })
    await client.call('del', [ownerKeys().digests])
    await expect(api.revokeSecret(secret)).rejects.toThrow('found by its digest, and not by its id')
    expect(await api.verify(secret)).toMatchObject({ ok: true })
    await api.close()
  })

  it('is revoked and pruned although it has no end', async () => {
    await client.call('del', [ownerKeys().ends])
    expect(await store.revokeAll(OWNER, everyAt(NOW))).toEqual({ outcome: 'done', revoked: 3 })
    expect(await store.prune(retentionAt(NOW + 1))).toBe(3)
    expect(await listed()).toEqual([])
  })
})
