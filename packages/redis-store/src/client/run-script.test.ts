import { StoreError } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { startCluster, startWithReplica } from '../../../../test/redis/index.ts'
import {
  changeAt,
  editAt,
  everyAt,
  retentionAt,
  revocationAt,
  sampleRotation,
} from '../../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { MAJORS, withClient } from '../../testing/ioredis-majors.ts'
import { openStore } from '../../testing/open-store.ts'
import { REPLICA_SETTINGS } from '../../testing/replica-settings.ts'
import { slotOf } from '../text/slot.ts'
import { runReplicated } from './run-script.ts'
import { defineScript } from './script.ts'

const pair = await startWithReplica({ config: REPLICA_SETTINGS })
const servers = await startCluster()
const ports = servers.nodes.map(({ port }) => port)

afterAll(() => Promise.all([pair.stop(), servers.stop()]))

describe.each(MAJORS)('scripts, %s', (_name, { redis }) => {
  const client = redis({ port: pair.primary.port })

  afterAll(() => client.disconnect())

  it.each([0, 1])('survive SCRIPT FLUSH, with minReplicas %i', async (minReplicas) => {
    const store = openStore(client, { minReplicas })
    const record = sampleRecord()
    const { owner, id, digest } = record
    const rotation = sampleRotation()
    const idempotency = { key: `all ${minReplicas}`, fingerprint: 'f', expiresAt: NOW + 2 }
    for (const work of [
      () => store.insert(record, FREELY),
      () => store.find(owner, id),
      () => store.suspend(owner, id, changeAt(NOW)),
      () => store.resume(owner, id, changeAt(NOW)),
      () => store.edit(owner, id, editAt(NOW, { name: 'renamed' })),
      () => store.recordUse([{ owner, id, at: NOW }]),
      () => store.rotate(owner, id, rotation),
      () => store.completeRotation(owner, rotation.successor.id, NOW),
      () => store.revokeAll(owner, everyAt(NOW, { idempotency })),
      () => store.findRequest(owner, idempotency, NOW),
      () => store.rekey(owner, id, sampleRecord().digest),
      () => store.revoke(owner, id, revocationAt(NOW + 1)),
      () => store.feed.changesSince(''),
      () => store.prune(retentionAt(NOW + 2)),
    ]) {
      await client.call('script', ['flush'])
      await work()
    }
    for (const each of [id, rotation.successor.id]) expect(await store.find(owner, each)).toBeNull()
    expect((await store.feed.changesSince('')).digests).toBe('reset')
    expect(digest).toHaveLength(43)
  })
})

describe.each(MAJORS)('minReplicas, %s', (_name, { redis, cluster }) => {
  const client = redis({ port: pair.primary.port })

  afterAll(() => client.disconnect())

  it('acknowledges what a replica has', async () => {
    const store = openStore(client, { minReplicas: 1 })
    const record = sampleRecord()
    const { owner, id } = record
    await store.insert(record, FREELY)
    expect(await store.revoke(owner, id, revocationAt(NOW))).toMatchObject({ record: { revokedAt: NOW } })
  })

  it('rejects what too few replicas confirm, and acknowledges it when it is repeated and they do', async () => {
    const store = openStore(client, { minReplicas: 1, deadlineMs: 1_500 })
    const record = sampleRecord()
    const { owner, id } = record
    await store.insert(record, FREELY)
    pair.replica.freeze()
    const failure: unknown = await store.revoke(owner, id, revocationAt(NOW)).catch((error: unknown) => error)
    pair.replica.thaw()
    expect(failure).toBeInstanceOf(StoreError)
    expect(String(failure)).toContain('only 0 of 1 replicas confirmed')
    const patient = openStore(client, { minReplicas: 1 })
    expect(await patient.revoke(owner, id, revocationAt(NOW + 5))).toMatchObject({ record: { revokedAt: NOW } })
  })

  it('finds no request whose change too few replicas have', async () => {
    const store = openStore(client, { minReplicas: 1, deadlineMs: 1_500 })
    const record = sampleRecord()
    const { owner, id } = record
    const idempotency = { key: id, fingerprint: 'f', expiresAt: NOW + 1 }
    await store.insert(record, FREELY)
    pair.replica.freeze()
    const suspended = await store.suspend(owner, id, { at: NOW, idempotency }).catch(String)
    const found = await store.findRequest(owner, idempotency, NOW).catch(String)
    pair.replica.thaw()
    for (const failure of [suspended, found]) expect(failure).toContain('only 0 of 1 replicas confirmed')
    const patient = openStore(client, { minReplicas: 1 })
    expect(await patient.findRequest(owner, idempotency, NOW)).toMatchObject({ outcome: 'replayed', record: { id } })
  })

  it('removes a token again that too few replicas confirmed, and frees its idempotency key', async () => {
    const store = openStore(client, { minReplicas: 1, deadlineMs: 1_500 })
    const record = sampleRecord()
    const idempotency = { key: record.id, fingerprint: 'f', expiresAt: NOW + 1 }
    await store.ready()
    pair.replica.freeze()
    const failure = await store.insert(record, { ...FREELY, idempotency }).catch(String)
    pair.replica.thaw()
    expect(failure).toContain('only 0 of 1 replicas confirmed')
    const patient = openStore(client, { minReplicas: 1 })
    expect(await patient.find(record.owner, record.id)).toBeNull()
    expect(await patient.findRequest(record.owner, idempotency, NOW)).toBeNull()
    expect(await patient.insert(record, { ...FREELY, idempotency })).toEqual({ outcome: 'inserted' })
  })

  it('rejects a write that the server refused, although its replicas are counted', async () => {
    const store = openStore(client, { minReplicas: 1 })
    await store.ready()
    await client.call('config', ['set', 'min-replicas-to-write', '9'])
    try {
      await expect(store.insert(sampleRecord(), FREELY)).rejects.toThrow('NOREPLICAS')
    } finally {
      await client.call('config', ['set', 'min-replicas-to-write', '1'])
    }
  })

  it('rejects on a cluster without replicas', async () => {
    await withClient(cluster(ports), async (lonely) => {
      const store = openStore(lonely, { minReplicas: 1, deadlineMs: 3_000 })
      await expect(store.insert(sampleRecord(), FREELY)).rejects.toThrow("set the server's min-replicas-to-write to 1")
    })
  })
})

describe.each(MAJORS)('runReplicated, %s', (_name, { cluster }) => {
  it('finds the slot on the node that it was moved to', async () => {
    const client = cluster(ports)
    const script = defineScript('grows', "return redis.call('INCR', KEYS[1])")
    const call = { script, keys: ['{moving}'], args: [] }
    const slot = slotOf('moving')
    const home = Math.floor(slot / Math.ceil(16_384 / ports.length))
    const away = (home + 1) % ports.length
    const first = Number(await runReplicated(client, call, { least: 0, waitMs: 1 }))
    await servers.moveSlot(slot, home, away)
    expect(await runReplicated(client, call, { least: 0, waitMs: 1 })).toBe(first + 1)
    await servers.moveSlot(slot, away, home)
    expect(await runReplicated(client, call, { least: 0, waitMs: 1 })).toBe(first + 2)
    client.disconnect()
  })
})
