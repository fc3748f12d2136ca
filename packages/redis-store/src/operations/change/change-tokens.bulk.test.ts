import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startCluster, startRedis } from '../../../../../test/redis/index.ts'
import { everyAt, revocationAt } from '../../../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../../../test/support/sample-record.ts'
import { withBrokenFeed } from '../../../testing/broken-feed.ts'
import { workOf } from '../../../testing/command-counts.ts'
import { MAJORS, withClient } from '../../../testing/ioredis-majors.ts'
import { patientStore } from '../../../testing/patient-store.ts'
import type { OpenStore } from '../../../testing/open-store.ts'

const server = await startRedis()
const servers = await startCluster()
const ports = servers.nodes.map(({ port }) => port)

afterAll(() => Promise.all([server.stop(), servers.stop()]))

const KEYED = everyAt(NOW, { idempotency: { key: 'all-42', fingerprint: 'f', expiresAt: NOW + 1_000 } })

async function givenTokens(store: OpenStore, count: number) {
  const records = Array.from({ length: count }, (_, number) => sampleRecord({ createdAt: NOW - (number % 7) }))
  await Promise.all(records.map((record) => store.insert(record, FREELY)))
  return records
}

async function liveOf(store: OpenStore): Promise<number> {
  const sort = { by: 'id', direction: 'asc' } as const
  const query = { owner: 'acme', now: NOW, statuses: ['active'], name: null, sort, window: 'all' } as const
  return (await store.list(query)).records.length
}

describe.each(MAJORS)('revokeAll, %s', (_name, { redis, cluster }) => {
  const [client, otherClient] = [redis({ port: server.port }), redis({ port: server.port })]
  const [store, other] = [patientStore(client), patientStore(otherClient)]

  afterAll(() => {
    client.disconnect()
    otherClient.disconnect()
  })
  beforeEach(() => client.call('flushall', []))

  it('revokes in steps of at most 200, and announces the owner with each and at the end', async () => {
    await givenTokens(store, 450)
    const { calls } = await workOf(client, async () => {
      expect(await store.revokeAll('acme', everyAt(NOW))).toEqual({ outcome: 'done', revoked: 450 })
    })
    expect(calls).toMatchObject({ xadd: 4 })
    // Three pages, three times shown and written, and the announcement.
    expect(calls['evalsha']).toBeLessThanOrEqual(11)
  })

  it('pushes no other change out of the feed, however many tokens it revokes', async () => {
    const small = patientStore(client, { changesKept: 10 })
    const spared = sampleRecord({ owner: 'another', digest: 'of another' })
    await small.insert(spared, FREELY)
    await givenTokens(small, 450)
    const before = await small.feed.revision()
    await small.revoke('another', spared.id, revocationAt(NOW))
    await small.revokeAll('acme', everyAt(NOW))
    const revision = await small.feed.revision()
    expect(await small.feed.changesSince(before)).toEqual({ revision, digests: [spared.digest], owners: ['acme'] })
  })

  it.each(['acme', 'Größe "1"', 'a\u0001b\ud800', '__proto__'])('tells of the owner %j as it is', async (owner) => {
    const records = Array.from({ length: 201 }, () => sampleRecord({ owner }))
    await Promise.all(records.map((record) => store.insert(record, FREELY)))
    const before = await store.feed.revision()
    await store.revokeAll(owner, everyAt(NOW))
    expect(await store.feed.changesSince(before)).toMatchObject({ digests: [], owners: [owner] })
  })

  it('costs its walk and the announcement if all is revoked', async () => {
    await givenTokens(store, 201)
    await store.revokeAll('acme', everyAt(NOW))
    const { calls } = await workOf(client, () => store.revokeAll('acme', everyAt(NOW)))
    expect(calls).toMatchObject({ mget: 2, xadd: 1 })
    expect(calls['evalsha']).toBeLessThanOrEqual(4)
  })

  it('tells whoever of two is answered first of every token, although they share the work', async () => {
    const tokens = await givenTokens(store, 450)
    const before = await store.feed.revision()
    const toldTo = async (each: OpenStore) => {
      const answer = await each.revokeAll('acme', everyAt(NOW))
      expect(await liveOf(each)).toBe(0)
      const { digests, owners = [] } = await each.feed.changesSince(before)
      expect(tokens.filter(({ digest, owner }) => !digests.includes(digest) && !owners.includes(owner))).toEqual([])
      return answer.outcome === 'done' ? answer.revoked : 0
    }
    const [one, another] = await Promise.all([toldTo(store), toldTo(other)])
    expect(one + another).toBe(450)
  })

  it('carries on under its key where it failed, and answers from then on with that count', async () => {
    await givenTokens(store, 250)
    await withBrokenFeed(client, store, () => store.revokeAll('acme', KEYED))
    // On one server a step revokes nothing that it cannot announce.
    expect(await liveOf(store)).toBe(250)
    const conflicting = { ...KEYED, idempotency: { key: 'all-42', fingerprint: 'g', expiresAt: NOW + 1_000 } }
    expect(await other.revokeAll('acme', conflicting)).toEqual({ outcome: 'idempotency_conflict' })
    expect(await other.findRequest('acme', conflicting.idempotency, NOW)).toEqual({ outcome: 'idempotency_conflict' })
    expect(await other.revokeAll('acme', KEYED)).toEqual({ outcome: 'done', revoked: 250 })
    expect(await store.revokeAll('acme', KEYED)).toEqual({ outcome: 'replayed', revoked: 250 })
  })

  it('gives two who send one key at the same time one answer', async () => {
    await givenTokens(store, 450)
    const answers = await Promise.all([store.revokeAll('acme', KEYED), other.revokeAll('acme', KEYED)])
    expect(await liveOf(store)).toBe(0)
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'replayed'])
    const kept = answers.find(({ outcome }) => outcome === 'done')
    expect(answers.find(({ outcome }) => outcome === 'replayed')).toEqual({ ...kept, outcome: 'replayed' })
  })

  it('revokes the tokens of an owner on whichever node of a cluster they are', async () => {
    await withClient(cluster(ports), async (clusterClient) => {
      const spread = patientStore(clusterClient, { keyPrefix: `${_name.replace(' ', '-')}:` })
      for (const owner of ['one', 'two', 'three', 'four', 'five']) {
        for (const _ of [1, 2]) await spread.insert(sampleRecord({ owner }), FREELY)
        expect(await spread.revokeAll(owner, KEYED)).toEqual({ outcome: 'done', revoked: 2 })
        expect(await spread.revokeAll(owner, KEYED)).toEqual({ outcome: 'replayed', revoked: 2 })
      }
    })
  })
})
