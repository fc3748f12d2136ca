import { randomUUID } from 'node:crypto'
import { StoreError, shardOf } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../../test/redis/index.ts'
import {
  changeAt,
  editAt,
  everyAt,
  retentionAt,
  revocationAt,
  sampleRotation,
} from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { MAJORS, withClient } from '../testing/ioredis-majors.ts'
import { openStore } from '../testing/open-store.ts'
import type { OpenStore } from '../testing/open-store.ts'
import { patientStore } from '../testing/patient-store.ts'
import { slotOf } from './text/slot.ts'

const NODES = 3
const OWNER = 'acme'
const SHARD = shardOf(OWNER)
const SLOT = slotOf(SHARD)
const HOME = Math.floor(SLOT / Math.ceil(16_384 / NODES))
const AWAY = (HOME + 1) % NODES

const servers = await startCluster(NODES)
const ports = servers.nodes.map(({ port }) => port)

afterAll(() => servers.stop())

const sort = { by: 'createdAt', direction: 'asc' } as const
const LIST = { owner: OWNER, now: NOW, statuses: null, name: null, sort, window: 'all' } as const

/** What needs a record and the owner's index of it on one node. */
const OPERATIONS: readonly ((store: OpenStore, token: TokenRecord) => Promise<unknown>)[] = [
  (store, { id }) => store.find(OWNER, id),
  (store) => store.list(LIST),
  (store, { id }) => store.revoke(OWNER, id, revocationAt(NOW)),
  (store, { id }) => store.suspend(OWNER, id, changeAt(NOW)),
  (store, { id }) => store.resume(OWNER, id, changeAt(NOW)),
  (store, { id }) => store.edit(OWNER, id, editAt(NOW, { name: 'renamed' })),
  (store, { id }) => store.rotate(OWNER, id, sampleRotation()),
  (store, { id }) => store.completeRotation(OWNER, id, NOW),
  (store) => store.revokeAll(OWNER, everyAt(NOW)),
  (store, { id }) => store.recordUse([{ owner: OWNER, id, at: NOW }]),
  (store, { id }) => store.rekey(OWNER, id, sampleRecord().digest),
]

const HALVES: readonly (readonly [what: string, first: (key: string) => boolean])[] = [
  ['the records', (key) => !key.includes(`}:${OWNER}`)],
  ['the indexes', (key) => key.includes(`}:${OWNER}`)],
  ['one of the indexes', (key) => key.includes(':d:')],
]

describe.each(MAJORS)('a slot of which half has moved, %s', (_name, { cluster }) => {
  it.each(HALVES)('takes no token for gone when %s went first', { timeout: 30_000 }, async (_what, first) => {
    await withClient(cluster(ports), async (client) => {
      const keyPrefix = `${randomUUID()}:`
      const store = patientStore(client, { keyPrefix })
      const hasty = openStore(client, { keyPrefix, deadlineMs: 250 })
      const token = sampleRecord({ owner: OWNER, expiresAt: NOW + 5 })
      await store.insert(token, FREELY)

      async function work(): Promise<void> {
        expect(await store.findByDigest([token.digest], SHARD)).toEqual(token)
        const answers = await Promise.allSettled(OPERATIONS.map((operate) => operate(hasty, token)))
        const refused = { status: 'rejected', reason: expect.any(StoreError) }
        expect(answers).toEqual(OPERATIONS.map(() => refused))
      }

      await servers.moveSlot(SLOT, HOME, AWAY, { first, work })
      expect(await store.revoke(OWNER, token.id, revocationAt(NOW))).toMatchObject({
        record: { id: token.id, revokedAt: NOW },
      })
      // A rotation that was given up may have been carried out late, and the successor ends with the token.
      const { records } = await store.list(LIST)
      expect(records.map(({ id }) => id)).toContain(token.id)
      await servers.moveSlot(SLOT, AWAY, HOME)
      expect(await store.prune(retentionAt(NOW + 9))).toBe(records.length)
    })
  })

  it('makes no index once more when that went first', { timeout: 30_000 }, async () => {
    await withClient(cluster(ports), async (client) => {
      const keyPrefix = `${randomUUID()}:`
      const store = patientStore(client, { keyPrefix })
      const hasty = openStore(client, { keyPrefix, deadlineMs: 250 })
      const token = sampleRecord({ owner: OWNER })
      await store.insert(token, FREELY)
      const refused = (change: Promise<unknown>) => expect(change).rejects.toThrow(StoreError)
      // An index that is on both nodes cannot be moved.
      await servers.moveSlot(SLOT, HOME, AWAY, {
        first: (key) => key.includes(':e:'),
        async work() {
          await refused(hasty.revoke(OWNER, token.id, revocationAt(NOW)))
          await refused(hasty.rotate(OWNER, token.id, sampleRotation()))
        },
      })
      expect(await store.revoke(OWNER, token.id, revocationAt(NOW))).toMatchObject({ record: { revokedAt: NOW } })
      await servers.moveSlot(SLOT, AWAY, HOME)
    })
  })

  it.each(HALVES)(
    'carries out what was asked meanwhile when %s went first',
    { timeout: 30_000 },
    async (_what, first) => {
      await withClient(cluster(ports), async (client) => {
        const store = patientStore(client, { keyPrefix: `${randomUUID()}:` })
        const [token, another, old] = [sampleRecord(), sampleRecord(), sampleRecord()]
        const rotation = sampleRotation()
        for (const record of [token, old]) await store.insert(record, FREELY)
        const asked: Promise<unknown>[] = []
        async function work(): Promise<void> {
          asked.push(store.insert(another, FREELY), store.revoke(OWNER, token.id, revocationAt(NOW)))
          asked.push(store.rotate(OWNER, old.id, rotation))
          await client.call('exists', [`{${SHARD}}`]) // Answered after all were sent.
        }

        await servers.moveSlot(SLOT, HOME, AWAY, { first, work })
        expect(await Promise.all(asked)).toMatchObject([
          { outcome: 'inserted' },
          { outcome: 'done', record: { revokedAt: NOW } },
          { outcome: 'rotated', successor: rotation.successor },
        ])
        const { records } = await store.list({ ...LIST, sort: { by: 'id', direction: 'asc' } })
        expect(records.map(({ id }) => id)).toEqual([token.id, another.id, old.id, rotation.successor.id].toSorted())
        await servers.moveSlot(SLOT, AWAY, HOME)
      })
    },
  )
})
