import { randomUUID } from 'node:crypto'
import { StoreError, shardOf } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { startCluster, startWithReplica } from '../../../test/redis/index.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { PERMISSIONS, USER, userWith } from '../testing/acl.ts'
import { MAJORS, newestMajor, withClient } from '../testing/ioredis-majors.ts'
import type { TestClient } from '../testing/ioredis-majors.ts'
import { openStore } from '../testing/open-store.ts'
import type { OpenStore } from '../testing/open-store.ts'
import { CHANGES, OTHERS, READS, recordUse } from '../testing/operations.ts'
import { REPLICA_SETTINGS } from '../testing/replica-settings.ts'
import { slotOf } from './text/slot.ts'

const deadlineMs = 5_000
const TIMEOUT_MS = 60_000
const NODES = 3
const { everywhere, onCluster, withReplicas } = PERMISSIONS

const servers = await startWithReplica({ config: REPLICA_SETTINGS })
const cluster = await startCluster(NODES, { replicas: 1, config: REPLICA_SETTINGS })
const ports = cluster.nodes.map(({ port }) => port)
const admin = newestMajor.redis({ port: servers.primary.port })

afterAll(async () => {
  admin.disconnect()
  await Promise.all([servers.stop(), cluster.stop()])
})

const sort = { by: 'createdAt', direction: 'asc' } as const
const walk = async (store: OpenStore, { owner }: TokenRecord) => {
  await store.insert(sampleRecord({ owner }), FREELY)
  const query = { owner, now: NOW, statuses: null, name: null, sort } as const
  const page = await store.list({ ...query, window: { after: null, limit: 1 } })
  return store.list({ ...query, window: { after: page.next, limit: 1 } })
}
const everything = { ...READS, ...CHANGES, ...OTHERS, recordUse, walk }

/** Why operations failed, each made twice on a token of its own. */
async function failuresOf(client: TestClient, minReplicas: number): Promise<string[]> {
  const store = openStore(client, { keyPrefix: `tessera:${randomUUID()}:`, minReplicas, deadlineMs, leaseMs: 10 })
  const failures: string[] = []
  for (const [name, operate] of Object.entries(everything)) {
    const token = sampleRecord({ owner: name })
    const work = async () => {
      await store.insert(token, FREELY)
      await operate(store, token)
      await operate(store, token)
    }
    await work().catch((error: unknown) => {
      const cause = error instanceof StoreError ? error.cause : error
      failures.push(`${name}: ${cause instanceof Error ? cause.message : 'no error'}`)
    })
  }
  return failures
}

/** The same while a slot of theirs is half moved, which some of them wait for in vain. */
async function failuresAmidMove(client: TestClient, minReplicas: number): Promise<readonly string[]> {
  const slot = slotOf(shardOf('find'))
  const [home, away] = [cluster.homeOf(slot), (cluster.homeOf(slot) + 1) % NODES]
  let failures: readonly string[] = []
  const work = async () => {
    failures = await failuresOf(client, minReplicas)
  }
  await cluster.moveSlot(slot, home, away, { first: (key) => key.includes(':d:'), work })
  await cluster.moveSlot(slot, away, home)
  return failures
}

/** What asks for a permission. */
function askingFor(permission: string): unknown {
  return expect.stringMatching(new RegExp(`redisStore: .* add .*\\${permission}\\b.* to its rule`))
}

async function setUserOnCluster(permissions: readonly string[]): Promise<void> {
  for (const number of cluster.nodes.keys()) await cluster.client(number).call('acl', userWith(permissions))
}

async function setUser(permissions: readonly string[], pattern?: string): Promise<void> {
  await admin.call('acl', userWith(permissions, pattern))
  await admin.call('script', ['flush'])
}

describe.each(MAJORS)('the permissions in the guide, %s', (_name, major) => {
  it.each([0, 1])('are enough on one server, with minReplicas %i', { timeout: TIMEOUT_MS }, async (minReplicas) => {
    await setUser([...everywhere, ...(minReplicas > 0 ? withReplicas : [])])
    await withClient(major.redis({ port: servers.primary.port, ...USER }), async (client) => {
      expect(await failuresOf(client, minReplicas)).toEqual([])
    })
  })

  it.each([0, 1])('are enough on Cluster, with minReplicas %i', { timeout: TIMEOUT_MS }, async (minReplicas) => {
    await setUserOnCluster([...everywhere, ...onCluster, ...(minReplicas > 0 ? withReplicas : [])])
    await withClient(major.cluster(ports, { redisOptions: USER }), async (client) => {
      expect(await failuresOf(client, minReplicas)).toEqual([])
      expect((await failuresAmidMove(client, minReplicas)).join()).not.toContain('NOPERM')
    })
  })
})

describe('a Redis user without a permission', () => {
  const needed = [...everywhere, ...withReplicas]

  it.each(needed)('is told of %s', { timeout: TIMEOUT_MS }, async (missing) => {
    await setUser(needed.filter((permission) => permission !== missing))
    await withClient(newestMajor.redis({ port: servers.primary.port, ...USER }), async (client) => {
      // With replicas, records are read by a script.
      const failures = await failuresOf(client, missing === '+getex' ? 0 : 1)
      expect(failures).toEqual(expect.arrayContaining([askingFor(missing)]))
    })
  })

  // The others are what the client itself sends, which tells nobody of its own failure.
  it('is told of +ping on Cluster', { timeout: TIMEOUT_MS }, async () => {
    await setUserOnCluster([...everywhere, ...onCluster].filter((permission) => permission !== '+ping'))
    await withClient(newestMajor.cluster(ports, { redisOptions: USER }), async (client) => {
      expect(await failuresOf(client, 0)).toEqual(expect.arrayContaining([askingFor('+ping')]))
    })
  })

  it('is told of the keys', async () => {
    await setUser(needed, '~another:*')
    await withClient(newestMajor.redis({ port: servers.primary.port, ...USER }), async (client) => {
      const failures = await failuresOf(client, 0)
      expect(failures).toContain(
        "find: redisStore: the Redis user may not use the store's keys: add ~<keyPrefix>* to its rule",
      )
    })
  })
})
