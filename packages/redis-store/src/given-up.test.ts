import { randomUUID } from 'node:crypto'
import { StoreError, shardOf } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startCluster, startProxy, startRedis, until } from '../../../test/redis/index.ts'
import { changeAt, editAt, sampleRotation } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { MAJORS } from '../testing/ioredis-majors.ts'
import type { TestClient } from '../testing/ioredis-majors.ts'
import { openStore } from '../testing/open-store.ts'
import type { OpenStore } from '../testing/open-store.ts'
import { settingsOf } from './client/options.ts'
import { createServerClocks } from './connection/server-clocks.ts'
import { createSession } from './connection/session.ts'
import { insertToken } from './operations/insert-token.ts'

const server = await startRedis()
const proxy = await startProxy(server.port)
const cluster = await startCluster(2)

afterAll(() => Promise.all([proxy.stop(), server.stop(), cluster.stop()]))

const OWNER = 'acme'
const COUNT = 30
const DEADLINE_MS = 300
const sort = { by: 'createdAt', direction: 'asc' } as const
const ALL = { owner: OWNER, now: NOW, statuses: null, name: null, sort, window: 'all' } as const
const keyOf = (record: TokenRecord) => ({ key: record.id, fingerprint: 'f', expiresAt: NOW + 9 })

/** The server goes on, and has carried out all that the client sent meanwhile. */
async function drained(client: TestClient): Promise<void> {
  await client.call('exists', [`tessera:{${shardOf(OWNER)}}`])
  // A script that the server did not have was sent again with its text.
  await client.call('exists', [`tessera:{${shardOf(OWNER)}}`])
}

async function expectRefused(asked: readonly Promise<unknown>[]): Promise<void> {
  const refused = { status: 'rejected', reason: expect.any(StoreError) }
  expect(await Promise.allSettled(asked)).toEqual(asked.map(() => refused))
}

/** Nothing that was given up has taken effect: no token, no use of the limit, no idempotency key. */
async function expectNothing(
  store: OpenStore,
  given: readonly TokenRecord[],
  givenUp: readonly TokenRecord[],
): Promise<void> {
  expect((await store.list(ALL)).records).toEqual(given)
  for (const record of givenUp) {
    const conditions = { now: NOW, activeLimit: given.length + COUNT, idempotency: keyOf(record) }
    expect(await store.insert(record, conditions)).toEqual({ outcome: 'inserted' })
  }
}

function insertAll(store: OpenStore, records: readonly TokenRecord[]): readonly Promise<unknown>[] {
  return records.map((record) => store.insert(record, { now: NOW, activeLimit: null, idempotency: keyOf(record) }))
}

const TOPOLOGIES = MAJORS.flatMap(([name, major]) => [
  { name: `one server, ${name}`, open: () => major.redis({ port: server.port }), servers: [server] },
  {
    name: `a cluster, ${name}`,
    open: () => major.cluster(cluster.nodes.map(({ port }) => port)),
    servers: cluster.nodes,
  },
])

describe.each(TOPOLOGIES)('what is given up while $name hangs', ({ open, servers }) => {
  const client = open()

  afterAll(() => client.disconnect())

  function openStores(): { readonly store: OpenStore; readonly patient: OpenStore } {
    const keyPrefix = `${randomUUID()}:`
    const store = openStore(client, { keyPrefix, deadlineMs: DEADLINE_MS })
    return { store, patient: openStore(client, { keyPrefix, deadlineMs: 20_000 }) }
  }

  /** None of it is answered before the servers go on. */
  async function expectRefusedAmidHang(ask: () => readonly Promise<unknown>[]): Promise<void> {
    for (const each of servers) each.freeze()
    await expectRefused(ask())
    for (const each of servers) each.thaw()
    await drained(client)
  }

  it.each([0, 1])('issues no token later, with %i tokens issued before', async (count) => {
    const { store, patient } = openStores()
    const given = Array.from({ length: count }, () => sampleRecord())
    const givenUp = Array.from({ length: COUNT }, () => sampleRecord())
    await store.ready()
    await Promise.all(insertAll(store, given))
    await expectRefusedAmidHang(() => insertAll(store, givenUp))
    await expectNothing(patient, given, givenUp)
  })

  it('rotates no token later', async () => {
    const { store, patient } = openStores()
    const given = Array.from({ length: COUNT }, () => sampleRecord())
    await Promise.all(insertAll(store, given))
    await expectRefusedAmidHang(() => given.map(({ id }) => store.rotate(OWNER, id, sampleRotation())))
    expect((await patient.list(ALL)).records).toEqual(given)
    for (const { id } of given) {
      expect(await patient.rotate(OWNER, id, sampleRotation())).toMatchObject({ outcome: 'rotated' })
    }
  })
})

describe.each(MAJORS)('change, %s', (_name, { redis }) => {
  it('writes nothing of steps whose records were shown only after they were given up', async () => {
    const client = redis({ port: proxy.port })
    const store = openStore(client, { deadlineMs: DEADLINE_MS })
    const record = sampleRecord({ owner: randomUUID() })
    const other = sampleRecord({ owner: record.owner })
    await Promise.all([store.insert(record, FREELY), store.insert(other, FREELY)])
    await store.suspend(other.owner, other.id, changeAt(NOW)) // From here on the server has the scripts.
    proxy.hold()
    await expectRefused([
      store.suspend(record.owner, record.id, changeAt(NOW)),
      store.edit(record.owner, record.id, editAt(NOW, { name: 'second' })),
      store.edit(record.owner, record.id, editAt(NOW, { name: 'third' })),
    ])
    proxy.release()
    await drained(client)
    expect(await store.find(record.owner, record.id)).toEqual(record)
    const renamed = await store.edit(record.owner, record.id, editAt(NOW, { name: 'later' }))
    expect(renamed).toMatchObject({ outcome: 'done', record: { name: 'later', suspendedAt: null } })
    client.disconnect()
  })

  it('goes on with a token after a step of it was given up before the server was checked', async () => {
    const client = redis({ port: proxy.port })
    const record = sampleRecord({ owner: randomUUID() })
    await openStore(client, { deadlineMs: 20_000 }).insert(record, FREELY)
    const store = openStore(client, { deadlineMs: DEADLINE_MS })
    // The server answers the first question of the check in time, and the second one too late.
    proxy.delay(0.7 * DEADLINE_MS)
    await expectRefused([store.suspend(record.owner, record.id, changeAt(NOW))])
    proxy.delay(0)
    await drained(client)
    const edited = () =>
      store.edit(record.owner, record.id, editAt(NOW, { name: 'later' })).then(
        () => true,
        () => false,
      )
    await until(edited)
    expect(await store.find(record.owner, record.id)).toMatchObject({ name: 'later', suspendedAt: null })
    client.disconnect()
  })
})

describe.each(MAJORS)('insertToken, %s', (_name, { redis }) => {
  beforeEach(async () => {
    const client = redis({ port: server.port })
    await client.call('flushall', [])
    client.disconnect()
  })

  it('removes the token again whose answer was held up until it was given up', async () => {
    const client = redis({ port: proxy.port })
    const store = openStore(client, { deadlineMs: DEADLINE_MS })
    await store.insert(sampleRecord({ owner: 'another' }), FREELY)
    const records = Array.from({ length: COUNT }, () => sampleRecord())
    proxy.hold()
    await expectRefused(insertAll(store, records))
    proxy.release()
    await drained(client)
    await expectNothing(openStore(client, { deadlineMs: 20_000 }), [], records)
    client.disconnect()
  })

  it('removes the tokens again once the client is back, however late', async () => {
    const client = redis({ port: proxy.port, enableOfflineQueue: false, autoResendUnfulfilledCommands: false })
    await until(async () => client.status === 'ready')
    const store = openStore(client, { deadlineMs: DEADLINE_MS })
    await store.insert(sampleRecord({ owner: 'another' }), FREELY)
    const records = Array.from({ length: COUNT }, () => sampleRecord())
    proxy.hold()
    const asked = insertAll(store, records)
    await until(async () => proxy.waiting() > 0)
    proxy.vanish()
    await expectRefused(asked)
    proxy.reappear()
    proxy.release()
    const direct = redis({ port: server.port })
    const other = openStore(direct, { deadlineMs: 20_000 })
    await until(async () => (await other.list(ALL)).records.length === 0)
    await expectNothing(other, [], records)
    client.disconnect()
    direct.disconnect()
  })

  it.each([5_000, -600_000])('refuses once if a clock was set by %i ms, and reads it anew', async (set) => {
    const client = redis({ port: server.port })
    let aheadMs = 0
    const clocks = createServerClocks(client, () => performance.now() + aheadMs)
    const session = createSession(client, settingsOf({}))
    const giveUpAt = () => performance.now() + aheadMs + 1_000
    const insert = () => insertToken({ ...session, clocks, giveUpAt }, sampleRecord(), FREELY)
    expect(await insert()).toEqual({ outcome: 'inserted' })
    aheadMs = set
    await expect(insert()).rejects.toThrow('its clock was set')
    expect(await insert()).toEqual({ outcome: 'inserted' })
    client.disconnect()
  })
})
