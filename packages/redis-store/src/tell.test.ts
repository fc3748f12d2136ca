import { shardOf } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startRedis } from '../../../test/redis/index.ts'
import { changeAt, everyAt, retentionAt, revocationAt, sampleRotation } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { withBrokenFeed } from '../testing/broken-feed.ts'
import { MAJORS } from '../testing/ioredis-majors.ts'
import { patientStore } from '../testing/patient-store.ts'
import { settingsOf } from './options.ts'
import type { RedisStore } from './redis-store.ts'
import { createSession } from './session.ts'
import { tellOfOwner } from './tell.ts'

const server = await startRedis()

afterAll(() => server.stop())

const KEY = { key: 'deploy-42', fingerprint: 'f', expiresAt: NOW + 1_000 }
const NARROWED = { name: null, scopes: { from: sampleRecord().scopes, to: [] } }

type Step = (store: RedisStore, token: TokenRecord) => Promise<unknown>

/** Each step, and what it is answered with when it is repeated after it could not tell. */
const STEPS: readonly (readonly [name: string, step: Step, answer: object])[] = [
  ['revoke', (store, { id }) => store.revoke('acme', id, revocationAt(NOW)), { outcome: 'done' }],
  ['suspend', (store, { id }) => store.suspend('acme', id, changeAt(NOW)), { outcome: 'done' }],
  ['resume', (store, { id }) => store.resume('acme', id, changeAt(NOW)), { outcome: 'done' }],
  ['edit', (store, { id }) => store.edit('acme', id, { ...changeAt(NOW), ...NARROWED }), { outcome: 'done' }],
  ['rotate', (store, { id }) => store.rotate('acme', id, sampleRotation()), { outcome: 'already_rotated' }],
  [
    'rotate without an overlap',
    (store, { id }) => store.rotate('acme', id, sampleRotation({ overlapMs: 0 })),
    { outcome: 'not_allowed' },
  ],
  ['revokeAll', (store) => store.revokeAll('acme', everyAt(NOW)), { outcome: 'done', revoked: 0 }],
]

const KEYED_STEPS: readonly (readonly [name: string, step: Step])[] = [
  ['revoke', (store, { id }) => store.revoke('acme', id, { ...revocationAt(NOW), idempotency: KEY })],
  ['suspend', (store, { id }) => store.suspend('acme', id, { at: NOW, idempotency: KEY })],
  ['resume', (store, { id }) => store.resume('acme', id, { at: NOW, idempotency: KEY })],
  ['edit', (store, { id }) => store.edit('acme', id, { at: NOW, idempotency: KEY, ...NARROWED })],
  ['rotate', (store, { id }) => store.rotate('acme', id, sampleRotation({ idempotency: KEY }))],
]

const UNTOLD_OWNER = `tessera:d:{${shardOf('acme')}}:acme`

describe.each(MAJORS)('a change that the feed was not told of, %s', (_name, { redis }) => {
  const client = redis({ port: server.port })
  const store = patientStore(client)

  afterAll(() => client.disconnect())
  beforeEach(() => client.call('flushall', []))

  async function givenToken(): Promise<TokenRecord> {
    const record = sampleRecord()
    await store.insert(record, FREELY)
    return record
  }

  async function givenPending() {
    const first = await givenToken()
    const { successor } = sampleRotation()
    await store.rotate('acme', first.id, sampleRotation({ successor }))
    return { first, successor }
  }

  const toldSince = async (revision: string) => (await store.changes.changesSince(revision)).digests

  it.each(STEPS)('is told of when %s is repeated', async (name, step, answer) => {
    const token = await givenToken()
    if (name === 'resume') await store.suspend('acme', token.id, changeAt(NOW - 1))
    const before = await store.changes.revision()
    await withBrokenFeed(client, store, () => step(store, token))
    expect(await toldSince(before)).toEqual([])
    expect(await step(store, token)).toMatchObject(answer)
    expect(await toldSince(before)).toEqual([token.digest])
  })

  it.each(KEYED_STEPS)('is told of when %s is repeated under its key, also when all is pruned', async (name, step) => {
    const token = await givenToken()
    if (name === 'resume') await store.suspend('acme', token.id, changeAt(NOW - 1))
    const before = await store.changes.revision()
    await withBrokenFeed(client, store, () => step(store, token))
    expect(await step(store, token)).toMatchObject({ outcome: 'replayed' })
    expect(await toldSince(before)).toEqual([token.digest])
    await store.revokeAll('acme', everyAt(NOW + 1))
    await store.prune(retentionAt(NOW + 2))
    const later = await store.changes.revision()
    expect(await step(store, token)).toMatchObject({ outcome: 'replayed' })
    expect(await toldSince(later)).toEqual([token.digest])
  })

  it('is told of when its key is asked for, which may be all that a caller does', async () => {
    const token = await givenToken()
    const before = await store.changes.revision()
    const edit = { at: NOW, idempotency: KEY, ...NARROWED }
    await withBrokenFeed(client, store, () => store.edit('acme', token.id, edit))
    expect(await store.findRequest('acme', KEY, NOW)).toMatchObject({ outcome: 'replayed' })
    expect(await toldSince(before)).toEqual([token.digest])
  })

  it('is told of when a rekey is repeated', async () => {
    const { id, digest } = await givenToken()
    const before = await store.changes.revision()
    const next = sampleRecord().digest
    await withBrokenFeed(client, store, () => store.rekey('acme', id, next))
    await store.rekey('acme', id, next)
    expect(await toldSince(before)).toEqual([digest])
  })

  it('is told of once when the token is changed after a rekey, since a cache may hold it under that digest', async () => {
    const { id, digest } = await givenToken()
    const before = await store.changes.revision()
    const next = sampleRecord().digest
    await withBrokenFeed(client, store, () => store.rekey('acme', id, next))
    await store.suspend('acme', id, changeAt(NOW))
    expect(await toldSince(before)).toEqual([next, digest])
    const after = await store.changes.revision()
    await store.revoke('acme', id, revocationAt(NOW))
    expect(await toldSince(after)).toEqual([next])
  })

  it('keeps a successor pending until the feed knows of the predecessor, also when that is pruned', async () => {
    const { first, successor } = await givenPending()
    const before = await store.changes.revision()
    for (const at of [NOW + 1, NOW + 2]) {
      await withBrokenFeed(client, store, () => store.completeRotation('acme', successor.id, at))
      expect(await store.find('acme', first.id)).toMatchObject({ revokedAt: NOW + 1 })
      expect(await store.find('acme', successor.id)).toMatchObject({ overlapEndsAt: expect.any(Number) })
    }
    expect(await store.prune(retentionAt(NOW + 2))).toBe(1)
    expect(await store.completeRotation('acme', successor.id, NOW + 3)).toMatchObject({ overlapEndsAt: null })
    expect(await toldSince(before)).toEqual([first.digest, successor.digest])
  })

  it('tells of a successor again that is pending no more, since a cache may not know', async () => {
    const { successor } = await givenPending()
    await store.completeRotation('acme', successor.id, NOW + 1)
    const before = await store.changes.revision()
    await store.completeRotation('acme', successor.id, NOW + 2)
    expect(await toldSince(before)).toEqual([successor.digest])
  })

  it('is told of for both when the rotation of a pending successor is repeated', async () => {
    const { first, successor } = await givenPending()
    const before = await store.changes.revision()
    const rotateAgain = () => store.rotate('acme', successor.id, sampleRotation({ at: NOW + 1 }))
    await withBrokenFeed(client, store, rotateAgain)
    expect(await store.prune(retentionAt(NOW + 2))).toBe(1)
    expect(await rotateAgain()).toMatchObject({ outcome: 'already_rotated' })
    expect(await toldSince(before)).toEqual([successor.digest, first.digest])
    expect(await rotateAgain()).toMatchObject({ outcome: 'already_rotated' })
    expect((await toldSince(before)).length).toBe(3)
  })

  it('is told of for the owner whose many tokens a bulk revocation reached, and then no more', async () => {
    await Promise.all(Array.from({ length: 450 }, givenToken))
    const before = await store.changes.revision()
    const keyed = everyAt(NOW, { idempotency: KEY })
    await withBrokenFeed(client, store, () => store.revokeAll('acme', keyed))
    await store.prune(retentionAt(NOW + 1))
    expect(await store.revokeAll('acme', { ...keyed, at: NOW + 1 })).toEqual({ outcome: 'done', revoked: 0 })
    const { digests, owners, revision } = await store.changes.changesSince(before)
    expect([digests, owners]).toEqual([[], ['acme']])
    expect(await store.revokeAll('acme', everyAt(NOW + 2))).toEqual({ outcome: 'done', revoked: 0 })
    expect(await store.changes.revision()).toBe(revision)
    expect(await client.call('exists', [UNTOLD_OWNER])).toBe(0)
  })

  it('is told of for the first tokens of a bulk revocation that failed before it took them for many', async () => {
    const tokens = await Promise.all(Array.from({ length: 200 }, givenToken))
    const before = await store.changes.revision()
    await withBrokenFeed(client, store, () => store.revokeAll('acme', everyAt(NOW)))
    await givenToken()
    await store.revokeAll('acme', everyAt(NOW + 1))
    expect(await store.changes.changesSince(before)).toMatchObject({ digests: [], owners: ['acme'] })
    const after = await store.changes.revision()
    for (const { id } of tokens.slice(0, 3)) await store.revoke('acme', id, revocationAt(NOW + 2))
    expect(await toldSince(after)).toEqual(tokens.slice(0, 3).map(({ digest }) => digest))
  })

  it('is told of for the owner again where more was revoked since', async () => {
    const session = createSession(client, settingsOf({}))
    await client.call('hset', [UNTOLD_OWNER, 'untold', 'later'])
    await tellOfOwner(session, 'acme', 'earlier')
    expect(String(await client.call('hget', [UNTOLD_OWNER, 'untold']))).toBe('later')
    const before = await store.changes.revision()
    await store.revokeAll('acme', everyAt(NOW))
    expect(await store.changes.changesSince(before)).toMatchObject({ digests: [], owners: ['acme'] })
    expect(await client.call('exists', [UNTOLD_OWNER])).toBe(0)
  })

  it('is told of for each token that a bulk revocation reached, and then no more', async () => {
    const tokens = await Promise.all(Array.from({ length: 30 }, givenToken))
    const before = await store.changes.revision()
    const keyed = everyAt(NOW, { idempotency: KEY })
    await withBrokenFeed(client, store, () => store.revokeAll('acme', keyed))
    expect(await store.revokeAll('acme', { ...keyed, at: NOW + 1 })).toEqual({ outcome: 'done', revoked: 0 })
    expect(new Set(await toldSince(before))).toEqual(new Set(tokens.map(({ digest }) => digest)))
    const after = await store.changes.revision()
    expect(await store.revokeAll('acme', everyAt(NOW + 2))).toEqual({ outcome: 'done', revoked: 0 })
    expect(await store.revokeAll('acme', keyed)).toEqual({ outcome: 'replayed', revoked: 0 })
    expect(await toldSince(after)).toEqual([])
  })
})
