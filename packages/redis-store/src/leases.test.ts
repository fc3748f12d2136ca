import { StoreError } from '@tessera/core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startRedis } from '../../../test/redis/index.ts'
import { revocationAt } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { newestMajor } from '../testing/ioredis-majors.ts'
import { patientStore } from '../testing/patient-store.ts'

const LEASE_MS = 20
const FENCE = '999999999999999-1'

const server = await startRedis()
const client = newestMajor.redis({ port: server.port })
const store = patientStore(client, { leaseMs: LEASE_MS })
const { feed } = store
const revocation = revocationAt(NOW)

afterAll(async () => {
  client.disconnect()
  await server.stop()
})
beforeEach(() => client.call('flushall', []))

const readLeased = (revision: string) => feed.leasedChangesSince?.(revision) ?? expect.unreachable()
const keptMs = () => client.call('get', ['tessera:lease:{feed}'])

async function lastId(): Promise<unknown> {
  const info = (await client.call('xinfo', ['stream', 'tessera:changes:{feed}'])) as unknown[]
  return info[info.indexOf('last-generated-id') + 1]
}

async function given() {
  const record = sampleRecord()
  await store.insert(record, FREELY)
  return record
}

describe('leases on Redis', () => {
  it('are kept and fenced off by the first reading, and by each change', async () => {
    const { revision, leaseMs } = await readLeased('')
    expect([leaseMs, await keptMs(), await lastId()]).toEqual([LEASE_MS, String(LEASE_MS), FENCE])
    const { owner, id, digest } = await given()
    await store.revoke(owner, id, revocation)
    expect(await lastId()).toBe(FENCE)
    expect(await readLeased(revision)).toMatchObject({ digests: [digest], leaseMs: LEASE_MS })
  })

  it('let nobody add an entry who does not set the fence back', async () => {
    await readLeased('')
    const entry = ['tessera:changes:{feed}', '1-265420487008015', 'd', 'digest']
    await expect(client.call('xadd', entry)).rejects.toThrow('equal or smaller than the target stream top item')
  })

  it('come with one script, and a change reads them without another one', async () => {
    const { owner, id } = await given()
    await readLeased('')
    const before = await client.call('info', ['commandstats'])
    await readLeased('')
    await store.revoke(owner, id, revocation)
    const after = await client.call('info', ['commandstats'])
    const scripts = (stats: unknown) => Number(/cmdstat_evalsha:calls=(\d+)/.exec(String(stats))?.[1] ?? 0)
    // The reading; then a revocation shows and writes.
    expect(scripts(after) - scripts(before)).toBe(3)
  })

  it.each([
    ['the length', 'tessera:lease:{feed}'],
    ['the revision', 'tessera:revision:{feed}'],
    ['the log', 'tessera:changes:{feed}'],
  ])('are kept and fenced off again after %s was lost, and changes go on', async (_what, key) => {
    for (const next of [
      () => readLeased(''),
      async () => {
        const { owner, id } = await given()
        await store.revoke(owner, id, revocation)
      },
    ]) {
      await readLeased('')
      const { owner, id } = await given()
      await store.revoke(owner, id, revocation)
      await client.call('del', [key])
      await next()
      expect([await keptMs(), await lastId()]).toEqual([String(LEASE_MS), FENCE])
    }
  })

  it('keep the length that a process has seen, also if it is lost and the own one is shorter', async () => {
    const longer = patientStore(client, { leaseMs: 2 * LEASE_MS })
    await longer.feed.leasedChangesSince?.('')
    await readLeased('')
    await client.call('flushall', [])
    expect((await readLeased('')).leaseMs).toBe(2 * LEASE_MS)
  })

  it('let a store of this version without the option wait, and lend none', async () => {
    const without = patientStore(client)
    expect(without.feed.leasedChangesSince).toBeUndefined()
    const { owner, id } = await given()
    await readLeased('')
    const startedAt = performance.now()
    await without.revoke(owner, id, revocation)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1.1 * LEASE_MS)
    await client.call('del', ['tessera:lease:{feed}'])
    // Nobody knows how long the leases are that others may hold.
    const fresh = patientStore(client)
    await expect(fresh.suspend(owner, (await given()).id, { ...revocation })).rejects.toThrow(StoreError)
  })
})
