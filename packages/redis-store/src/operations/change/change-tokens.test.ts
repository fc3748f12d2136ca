import { randomUUID } from 'node:crypto'
import type { TokenRecord } from '@tessera/core'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startCluster, startRedis, until } from '../../../../../test/redis/index.ts'
import { changeAt, editAt, everyAt, revocationAt, sampleRotation } from '../../../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../../../test/support/sample-record.ts'
import { withBrokenFeed } from '../../../testing/broken-feed.ts'
import { workOf } from '../../../testing/command-counts.ts'
import { MAJORS } from '../../../testing/ioredis-majors.ts'
import { FORGET_OWED } from '../../scripts/forget-owed.ts'
import { packDigest } from '../../text/packed-digest.ts'
import { openStore } from '../../../testing/open-store.ts'
import type { OpenStore } from '../../../testing/open-store.ts'

const server = await startRedis()
const servers = await startCluster()

afterAll(() => Promise.all([server.stop(), servers.stop()]))

type Step = (store: OpenStore, token: TokenRecord) => Promise<unknown>

const KEY = { fingerprint: 'f', expiresAt: NOW + 1_000 }

/** Each step that changes one token, and what it is answered when it is repeated. */
const STEPS: readonly (readonly [name: string, step: Step, again: string])[] = [
  ['suspend', (store, { id }) => store.suspend('acme', id, changeAt(NOW)), 'done'],
  ['edit', (store, { id }) => store.edit('acme', id, editAt(NOW, { scopes: [] })), 'done'],
  ['rotate', (store, { id }) => store.rotate('acme', id, sampleRotation()), 'rotated'],
  ['rotate at once', (store, { id }) => store.rotate('acme', id, sampleRotation({ overlapMs: 0 })), 'not_allowed'],
  ['revoke', (store, { id }) => store.revoke('acme', id, revocationAt(NOW)), 'done'],
  [
    'suspend under a key',
    (store, { id }) => store.suspend('acme', id, { at: NOW, idempotency: { ...KEY, key: id } }),
    'replayed',
  ],
]

async function givenToken(store: OpenStore, facts: Partial<TokenRecord> = {}): Promise<TokenRecord> {
  const record = sampleRecord(facts)
  await store.insert(record, FREELY)
  return record
}

async function givenPending(store: OpenStore) {
  const first = await givenToken(store)
  const { successor } = sampleRotation()
  await store.rotate('acme', first.id, sampleRotation({ successor }))
  return { first, successor }
}

const since = async (store: OpenStore, revision: string) => (await store.feed.changesSince(revision)).digests

describe.each(MAJORS)('change, on one server, %s', (_name, { redis }) => {
  const client = redis({ port: server.port, lazyConnect: true })
  const store = openStore(client)

  afterAll(() => client.disconnect())
  beforeEach(() => client.call('flushall', []))

  it.each(STEPS)('is two scripts for %s: show, then write and announce', async (_, step) => {
    await step(store, await givenToken(store))
    const other = sampleRecord({ owner: 'other' })
    await store.insert(other, FREELY)
    const token = await givenToken(store)
    const { calls } = await workOf(client, () => step(store, token))
    expect(calls['evalsha']).toBe(2)
  })

  it('is one script for a count of active tokens, which writes nothing', async () => {
    await givenToken(store)
    expect(await store.countActive('acme', NOW)).toBe(1)
    const { calls } = await workOf(client, () => store.countActive('acme', NOW))
    expect(calls).toMatchObject({ evalsha: 1, zcount: 1 })
    expect(Object.keys(calls).filter((name) => /^(?:set|z(?:add|rem)|h(?:set|del)|del|incr)/.test(name))).toEqual([])
  })

  it.each(STEPS)('writes nothing of %s if the feed refuses its entry, and all when it is repeated', async (_, step) => {
    const token = await givenToken(store)
    const before = await store.feed.revision()
    await withBrokenFeed(client, store, () => step(store, token))
    expect(await store.find('acme', token.id)).toEqual(token)
    expect(await since(store, before)).toEqual([])
    await step(store, token)
    expect(await since(store, before)).toEqual([token.digest])
  })

  it('keeps what a newer version has written into a record', async () => {
    const token = await givenToken(store, { networks: ['10.0.0.0/8'] })
    const [key] = (await client.call('keys', ['tessera:{*'])) as [string]
    const text = String(await client.callBuffer('get', [packKey(key, token)]))
    await client.callBuffer('set', [packKey(key, token), withLaterFact(text)])
    await store.recordUse([{ owner: 'acme', id: token.id, at: NOW + 1 }])
    await store.suspend('acme', token.id, changeAt(NOW + 2))
    await store.rotate('acme', (await givenToken(store)).id, sampleRotation())
    expect(String(await client.callBuffer('get', [packKey(key, token)]))).toContain('\tlater\n')
    expect(await store.find('acme', token.id)).toMatchObject({ lastUsedAt: NOW + 1, suspendedAt: NOW + 2 })
  })

  it('hands on to a successor what a newer version has written', async () => {
    const token = await givenToken(store, { networks: ['10.0.0.0/8'] })
    const [key] = (await client.call('keys', ['tessera:{*'])) as [string]
    const text = String(await client.callBuffer('get', [packKey(key, token)]))
    await client.callBuffer('set', [packKey(key, token), withLaterFact(text)])
    const { successor } = sampleRotation()
    await store.rotate('acme', token.id, sampleRotation({ successor }))
    const record = await store.find('acme', successor.id)
    expect(String(await client.callBuffer('get', [packKey(key, record ?? token)]))).toContain('\tlater\n')
  })

  it('refuses a digest that another token has, and changes nothing', async () => {
    const [token, other] = [await givenToken(store), await givenToken(store)]
    await expect(store.rekey('acme', token.id, other.digest)).rejects.toThrow('the digest is in use')
    expect(await store.find('acme', token.id)).toEqual(token)
    expect(await store.find('acme', other.id)).toEqual(other)
  })
})

describe.each(MAJORS)('what a change owes the feed, on Cluster, %s', (_name, { cluster }) => {
  const client = cluster(servers.nodes.map(({ port }) => port))
  const keyPrefix = `${randomUUID()}:`
  const store = openStore(client, { keyPrefix })
  const amidBrokenFeed = (work: () => Promise<unknown>) => withBrokenFeed(client, store, work, keyPrefix)
  const lookAt = ({ id }: TokenRecord) => store.change('acme', { ids: [id], key: null }, () => ({ answer: null }))

  afterAll(() => client.disconnect())

  it.each(STEPS)('is announced when %s is repeated, and then no more', async (_step, step, again) => {
    const token = await givenToken(store)
    const before = await store.feed.revision()
    await amidBrokenFeed(() => step(store, token))
    expect(await since(store, before)).toEqual([])
    expect(await step(store, token)).toMatchObject({ outcome: again })
    expect(await since(store, before)).toContain(token.digest)
  })

  it('is announced when its key is asked for with the token, by a step that changes nothing', async () => {
    const token = await givenToken(store)
    const before = await store.feed.revision()
    await amidBrokenFeed(() => store.suspend('acme', token.id, changeAt(NOW)))
    await lookAt(token)
    expect(await since(store, before)).toEqual([token.digest])
  })

  it('is the digest of a token once changed: the next step shown it announces this again, and it is forgotten', async () => {
    const token = await givenToken(store)
    await store.suspend('acme', token.id, changeAt(NOW))
    const announcedNow = async () => {
      const before = await store.feed.revision()
      await lookAt(token)
      return since(store, before)
    }
    expect(await announcedNow()).toEqual([token.digest])
    await until(async () => (await announcedNow()).length === 0)
  })

  it('is the third script of a step, after the one that shows and the one that writes, and there is no fourth', async () => {
    const token = await givenToken(store)
    await store.edit('acme', token.id, editAt(NOW, { name: 'first' }))
    const spy = vi.spyOn(client, 'callBuffer')
    await store.edit('acme', token.id, editAt(NOW, { name: 'second' }))
    const scripts = spy.mock.calls.filter(([command]) => command === 'evalsha')
    spy.mockRestore()
    expect(scripts).toHaveLength(3)
  })

  it('is not forgotten for an earlier announcement, however late that is', async () => {
    const token = await givenToken(store)
    const { callBuffer } = client
    let forget = () => Promise.resolve<unknown>(null)
    client.callBuffer = (command, args) => {
      if (args[0] !== FORGET_OWED.sha) return callBuffer.call(client, command, args)
      forget = () => callBuffer.call(client, 'eval', [FORGET_OWED.source, ...args.slice(1)])
      return new Promise(() => {})
    }
    await store.edit('acme', token.id, editAt(NOW, { name: 'first' }))
    await lookAt(token)
    client.callBuffer = callBuffer
    await amidBrokenFeed(() => store.suspend('acme', token.id, changeAt(NOW + 1)))
    const before = await store.feed.revision()
    await forget()
    await lookAt(token)
    expect(await since(store, before)).toEqual([token.digest])
  })

  it('is announced for both digests when the token is changed after a rekey', async () => {
    const token = await givenToken(store)
    const before = await store.feed.revision()
    const { digest } = sampleRecord()
    await amidBrokenFeed(() => store.rekey('acme', token.id, digest))
    await store.suspend('acme', token.id, changeAt(NOW))
    expect(new Set(await since(store, before))).toEqual(new Set([digest, token.digest]))
  })

  it('leaves a successor pending until its predecessor is announced', async () => {
    const { first, successor } = await givenPending(store)
    const before = await store.feed.revision()
    await amidBrokenFeed(() => store.completeRotation('acme', successor.id, NOW + 1))
    expect(await store.find('acme', first.id)).toMatchObject({ revokedAt: NOW + 1 })
    expect(await store.find('acme', successor.id)).toMatchObject({ overlapEndsAt: expect.any(Number) })
    expect(await store.completeRotation('acme', successor.id, NOW + 2)).toMatchObject({ overlapEndsAt: null })
    expect(await since(store, before)).toEqual(expect.arrayContaining([first.digest, successor.digest]))
  })

  it('is announced for the owner when a bulk revocation is repeated, and for each token by itself', async () => {
    const owner = randomUUID()
    const tokens: TokenRecord[] = []
    for (let count = 0; count < 3; count += 1) tokens.push(await givenToken(store, { owner }))
    const before = await store.feed.revision()
    await amidBrokenFeed(() => store.revokeAll(owner, everyAt(NOW)))
    const [token] = tokens
    await store.revoke(owner, token?.id ?? '', revocationAt(NOW + 1))
    expect(await since(store, before)).toEqual([token?.digest])
    await store.revokeAll(owner, everyAt(NOW + 1))
    expect(await store.feed.changesSince(before)).toMatchObject({ digests: [token?.digest], owners: [owner] })
  })
})

function packKey(name: string, { digest }: TokenRecord): Buffer {
  return packDigest(digest, name.slice(0, name.indexOf('}') + 1))
}

/** A record's text as a version with one fact more writes it: the last one of this version says nothing. */
function withLaterFact(text: string): string {
  return text.replace('["10.0.0.0/8"]', `["10.0.0.0/8"]${'\t'.repeat(8)}\tlater`)
}
