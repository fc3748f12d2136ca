import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startRedis } from '../../../../test/redis/index.ts'
import { changeAt, revocationAt } from '../../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { MAJORS, withClient } from '../../testing/ioredis-majors.ts'
import { patientStore } from '../../testing/patient-store.ts'

const server = await startRedis()

afterAll(() => server.stop())

const numberAndNonce = (revision: string) => revision.split('.')[0]

describe.each(MAJORS)('change feed, %s', (_name, { redis }) => {
  const client = redis({ port: server.port })
  const store = patientStore(client)

  afterAll(() => client.disconnect())
  beforeEach(() => client.call('flushall', []))

  async function givenToken() {
    const record = sampleRecord()
    await store.insert(record, FREELY)
    return record
  }

  it('starts another history on a server that lost everything', async () => {
    const before = await store.feed.revision()
    await client.call('flushall', [])
    const after = await store.feed.revision()
    expect(after).not.toBe(before)
    expect(await store.feed.changesSince(before)).toEqual({ revision: after, digests: 'reset' })
  })

  it('starts another history where only the revision was lost', async () => {
    const { owner, id, digest } = await givenToken()
    await store.suspend(owner, id, changeAt(NOW))
    const before = await store.feed.revision()
    await client.call('del', ['tessera:revision:{feed}'])
    expect((await store.feed.changesSince(before)).digests).toBe('reset')
    const opened = await store.feed.revision()
    await store.resume(owner, id, changeAt(NOW))
    expect((await store.feed.changesSince(opened)).digests).toEqual([digest])
  })

  it('goes on over another connection to the same server', async () => {
    const before = await store.feed.revision()
    await client.call('client', ['kill', 'type', 'normal', 'skipme', 'no']).catch(() => {})
    expect(await store.feed.changesSince(before)).toEqual({ revision: before, digests: [] })
  })

  it('starts another history where the server came back without its latest writes, and no change among them', async () => {
    await using forgetful = await startRedis()
    await withClient(redis({ port: forgetful.port }), async (connection) => {
      const { feed, insert } = patientStore(connection)
      const before = await feed.revision()
      await connection.call('save', [])
      await insert(sampleRecord(), FREELY)
      await forgetful.restart()
      const after = await feed.revision()
      expect(numberAndNonce(after)).toBe(numberAndNonce(before))
      expect(await feed.changesSince(before)).toEqual({ revision: after, digests: 'reset' })
      expect(await feed.changesSince(after)).toEqual({ revision: after, digests: [] })
    })
  })

  it('takes in a change where only the revision was lost', async () => {
    const { owner, id } = await givenToken()
    await store.suspend(owner, id, changeAt(NOW))
    await client.call('del', ['tessera:revision:{feed}'])
    await store.resume(owner, id, changeAt(NOW))
    expect(await store.feed.revision()).toMatch(/^1-\d+\.[\w-]{12}$/)
  })

  it('tells of a change that is the first thing to happen', async () => {
    const { owner, id } = await givenToken()
    await store.revoke(owner, id, revocationAt(NOW))
    expect(await store.feed.revision()).toMatch(/^1-\d+\.[\w-]{12}$/)
  })

  it('keeps as many changes as the option says', async () => {
    const small = patientStore(client, { changesKept: 3 })
    const { owner, id } = await givenToken()
    const revisions = [await small.feed.revision()]
    for (const at of [1, 2, 3, 4]) {
      await small.revoke(owner, id, revocationAt(NOW + at))
      revisions.push(await small.feed.revision())
    }
    const told = await Promise.all(revisions.map((revision) => small.feed.changesSince(revision)))
    expect(told.map(({ digests }) => digests.length)).toEqual(['reset'.length, 3, 2, 1, 0])
    expect(told[0]?.digests).toBe('reset')
  })
})
