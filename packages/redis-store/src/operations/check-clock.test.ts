import { createTokens } from '@tessera/core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startCluster, startRedis, until } from '../../../../test/redis/index.ts'
import { everyAt, retentionAt } from '../../../../test/support/sample-change.ts'
import { FREELY, sampleRecord } from '../../../../test/support/sample-record.ts'
import { MAJORS } from '../../testing/ioredis-majors.ts'
import { patientStore } from '../../testing/patient-store.ts'

const HOUR = 60 * 60 * 1000
const YEAR = 365 * 24 * HOUR

const server = await startRedis()
const servers = await startCluster()
const ports = servers.nodes.map(({ port }) => port)

afterAll(() => Promise.all([server.stop(), servers.stop()]))

describe.each(MAJORS)('a clock that runs ahead, %s', (_name, { redis, cluster }) => {
  const client = redis({ port: server.port })
  const clusterClient = cluster(ports)
  const store = patientStore(client)

  afterAll(() => {
    client.disconnect()
    clusterClient.disconnect()
  })

  beforeEach(() => client.call('flushall', []))

  it('prunes nobody’s tokens, and is told by how much it is wrong and what to set', async () => {
    const live = sampleRecord({ createdAt: Date.now(), expiresAt: Date.now() + 90 * 24 * HOUR })
    await store.insert(live, FREELY)
    const ahead = Date.now() + YEAR
    const pruning = store.prune({ now: ahead, endedBefore: ahead - 30 * 24 * HOUR })
    await expect(pruning).rejects.toMatchObject({ name: 'StoreError', code: 'clock_skew' })
    const message = await pruning.catch((error: Error) => error.message)
    expect(message).toMatch(/the clock of this process is 315\d{8} ms ahead of Redis, more than 60000/)
    expect(message).toContain(`it shows ${new Date(ahead).toISOString()} and Redis `)
    expect(message).toContain(
      'set the clock or the option "now" of createTokens, or else clockToleranceMs of redisStore',
    )
    expect(await store.find('acme', live.id)).toEqual(live)
  })

  it('prunes nothing on a cluster either', async () => {
    await expect(patientStore(clusterClient).prune(retentionAt(Date.now() + YEAR))).rejects.toMatchObject({
      code: 'clock_skew',
    })
  })

  it('hands the failure of a scheduled pruning to onError, and leaves the time to another', async () => {
    const errors: Error[] = []
    const onError = (error: Error) => void errors.push(error)
    const tokens = createTokens({ store, prefix: 'ot_pat', now: () => Date.now() + YEAR, onError })
    tokens.startPruning({ everyMs: 60_000, random: () => 0 })
    await until(async () => errors.length > 0)
    await tokens.close()
    expect(errors).toMatchObject([{ code: 'clock_skew' }])
    const revoked = sampleRecord({ revokedAt: Date.now() - HOUR })
    await store.insert(revoked, FREELY)
    expect(await store.prune({ ...retentionAt(Date.now()), onceInMs: 60_000 })).toBe(1)
  })

  it('prunes within the tolerance, and when it runs behind', async () => {
    await store.insert(sampleRecord({ revokedAt: Date.now() - 2 * YEAR }), FREELY)
    expect(await store.prune(retentionAt(Date.now() + 30_000))).toBe(1)
    await store.insert(sampleRecord({ revokedAt: Date.now() - 2 * YEAR }), FREELY)
    expect(await store.prune(retentionAt(Date.now() - YEAR))).toBe(1)
    const strict = patientStore(client, { clockToleranceMs: 1_000 })
    await expect(strict.prune(retentionAt(Date.now() + 30_000))).rejects.toMatchObject({ code: 'clock_skew' })
    const lenient = patientStore(client, { clockToleranceMs: 2 * YEAR })
    expect(await lenient.prune(retentionAt(Date.now() + YEAR))).toBe(0)
  })

  it('revokes no token for being unused', async () => {
    const used = sampleRecord({ createdAt: Date.now() - HOUR, lastUsedAt: Date.now() })
    await store.insert(used, FREELY)
    const ahead = Date.now() + YEAR
    const unused = everyAt(ahead, { reason: 'expired_unused', lastUsedBefore: ahead - 90 * 24 * HOUR })
    await expect(store.revokeAll('acme', unused)).rejects.toMatchObject({ code: 'clock_skew' })
    expect(await store.find('acme', used.id)).toEqual(used)
    expect(await store.revokeAll('acme', everyAt(ahead))).toMatchObject({ outcome: 'done', revoked: 1 })
  })
})
