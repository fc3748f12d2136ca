import { StoreError, shardOf } from '@tessera/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../../test/redis/index.ts'
import {
  changeAt,
  editAt,
  everyAt,
  retentionAt,
  revocationAt,
  sampleRotation,
} from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { MAJORS } from '../testing/ioredis-majors.ts'
import { patientStore } from '../testing/patient-store.ts'

const server = await startRedis()
const SHARD = shardOf('acme')

afterAll(() => server.stop())

describe.each(MAJORS)('at maxmemory, %s', (_name, { redis }) => {
  const client = redis({ port: server.port })
  const store = patientStore(client)
  const [revoked, suspended, rekeyed, rotated] = [sampleRecord(), sampleRecord(), sampleRecord(), sampleRecord()]
  const rotation = sampleRotation()

  beforeAll(async () => {
    await client.call('config', ['set', 'maxmemory', '0'])
    for (const record of [revoked, suspended, rekeyed, rotated]) await store.insert(record, FREELY)
    await store.rotate('acme', rotated.id, rotation)
    await client.call('config', ['set', 'maxmemory', '1'])
    await client.call('script', ['flush'])
  })
  afterAll(async () => {
    await client.call('config', ['set', 'maxmemory', '0'])
    client.disconnect()
  })

  it('refuses a new token as store_full', async () => {
    const record = sampleRecord()
    const failure: unknown = await store.insert(record, FREELY).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(StoreError)
    expect(failure).toMatchObject({ code: 'store_full', cause: expect.any(Error) })
    expect(await store.find(record.owner, record.id)).toBeNull()
  })

  it('refuses a successor, and keeps its token as it is', async () => {
    const refused = sampleRotation()
    await expect(store.rotate('acme', rekeyed.id, refused)).rejects.toMatchObject({ code: 'store_full' })
    expect(await store.find('acme', rekeyed.id)).toMatchObject({ rotatedTo: null })
    expect(await store.find('acme', refused.successor.id)).toBeNull()
  })

  it('revokes, and tells of it', async () => {
    const before = await store.feed.revision()
    expect(await store.revoke('acme', revoked.id, revocationAt(NOW))).toMatchObject({ record: { revokedAt: NOW } })
    expect((await store.feed.changesSince(before)).digests).toEqual([revoked.digest])
    expect(await store.findByDigest([revoked.digest], SHARD)).toMatchObject({ revokedAt: NOW })
  })

  it('suspends, resumes and rekeys', async () => {
    expect(await store.suspend('acme', suspended.id, changeAt(NOW))).toMatchObject({ record: { suspendedAt: NOW } })
    expect(await store.resume('acme', suspended.id, changeAt(NOW))).toMatchObject({ record: { suspendedAt: null } })
    const { digest } = sampleRecord()
    await store.rekey('acme', rekeyed.id, digest)
    expect(await store.findByDigest([digest], SHARD)).toMatchObject({ id: rekeyed.id })
  })

  it('edits, completes a rotation and revokes in bulk, idempotency keys included', async () => {
    const keyed = (key: string) => ({ key: `${_name} ${key}`, fingerprint: 'f', expiresAt: NOW + 1 })
    const edit = editAt(NOW, { idempotency: keyed('edit'), scopes: [] })
    expect(await store.edit('acme', suspended.id, edit)).toMatchObject({ outcome: 'done', record: { scopes: [] } })
    await store.completeRotation('acme', rotation.successor.id, NOW)
    expect(await store.find('acme', rotated.id)).toMatchObject({ revokedReason: 'rotated' })
    const selection = everyAt(NOW, { idempotency: keyed('all'), exceptId: suspended.id, issuedBefore: NOW + 1 })
    expect(await store.revokeAll('acme', selection)).toMatchObject({ outcome: 'done' })
    expect(await store.find('acme', rotation.successor.id)).toMatchObject({ revokedAt: NOW })
  })

  it('lists, and prunes to make room', async () => {
    const sort = { by: 'createdAt', direction: 'asc' } as const
    const list = { owner: 'acme', now: NOW, statuses: null, name: null, sort, window: 'all' } as const
    const { records } = await store.list(list)
    await store.revoke('acme', rekeyed.id, revocationAt(NOW))
    expect(await store.prune(retentionAt(NOW + 1))).toBeGreaterThan(0)
    expect((await store.list(list)).records.length).toBeLessThan(records.length)
  })

  it('opens for a process that starts only then', async () => {
    const late = redis({ port: server.port })
    expect(await patientStore(late).find('acme', suspended.id)).toMatchObject({ id: suspended.id })
    late.disconnect()
  })
})
