import type { RotateOutcome } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { startProxy, startRedis } from '../../../../../test/redis/index.ts'
import { sampleRotation } from '../../../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../../../test/support/sample-record.ts'
import { MAJORS } from '../../../testing/ioredis-majors.ts'
import { patientStore } from '../../../testing/patient-store.ts'
import type { OpenStore } from '../../../testing/open-store.ts'

const server = await startRedis()
const proxy = await startProxy(server.port)

type Rotated = Extract<RotateOutcome, { outcome: 'rotated' }>

afterAll(() => Promise.all([proxy.stop(), server.stop()]))

function rotatedIn(...answers: readonly (RotateOutcome | undefined)[]): object & Partial<Rotated> {
  return answers.find((answer): answer is Rotated => answer?.outcome === 'rotated') ?? {}
}

describe.each(MAJORS)('rotate, %s', (name, { redis }) => {
  const [client, otherClient] = [redis({ port: proxy.port }), redis({ port: server.port })]
  const [store, other] = [patientStore(client), patientStore(otherClient)]

  afterAll(() => {
    client.disconnect()
    otherClient.disconnect()
  })

  it.each([
    ['without a key', {}],
    ['without an overlap', { overlapMs: 0 }],
    ['under a key', { idempotency: { key: name, fingerprint: 'f', expiresAt: NOW + 1 } }],
  ])(
    'answers with the successor that it made when the reply is lost and the client sends it again, %s',
    async (_how, facts) => {
      const token = sampleRecord()
      await store.ready()
      await store.insert(token, FREELY)
      const rotation = sampleRotation(facts)
      proxy.cutAfter(3)
      const answer = await store.rotate('acme', token.id, rotation)
      const record = await store.find('acme', token.id)
      const successor = await store.find('acme', rotation.successor.id)
      expect(answer).toEqual({ outcome: 'rotated', record, successor, ended: [] })
      expect(successor).toMatchObject({ ...rotation.successor, rotatedFrom: token.id })
    },
  )

  it('takes over no digest that another token has', async () => {
    const [token, other] = [sampleRecord(), sampleRecord()]
    for (const record of [token, other]) await store.insert(record, FREELY)
    const { successor } = sampleRotation()
    const rotation = sampleRotation({ successor: { ...successor, digest: other.digest } })
    await expect(store.rotate('acme', token.id, rotation)).rejects.toThrow('the digest is in use')
    expect(await store.find('acme', token.id)).toEqual(token)
    expect(await store.find('acme', successor.id)).toBeNull()
    expect(await store.find('acme', other.id)).toEqual(other)
  })

  it('gives a token one successor when two rotate it at the same time, and tells both which', async () => {
    for (let round = 0; round < 20; round += 1) {
      const token = sampleRecord()
      await store.insert(token, FREELY)
      const before = await store.feed.revision()
      const [one, another] = await Promise.all(
        [store, other].map(async (each) => {
          const answer = await each.rotate('acme', token.id, sampleRotation({ sealedSuccessor: 'v1.sealed' }))
          expect((await each.feed.changesSince(before)).digests).toContain(token.digest)
          return answer
        }),
      )
      expect(new Set([one?.outcome, another?.outcome])).toEqual(new Set(['already_rotated', 'rotated']))
      const { record, successor } = rotatedIn(one, another)
      for (const answer of [one, another]) expect(answer).toMatchObject({ record, successor })
    }
  })

  it('ends the predecessor once when one uses the successor and another rotates it, and tells both', async () => {
    for (let round = 0; round < 20; round += 1) {
      const token = sampleRecord()
      const { successor } = sampleRotation()
      await store.insert(token, FREELY)
      await store.rotate('acme', token.id, sampleRotation({ successor }))
      const before = await store.feed.revision()
      const expectTold = async (each: OpenStore, ...told: string[]) => {
        const { digests } = await each.feed.changesSince(before)
        expect(digests).toEqual(expect.arrayContaining(told))
      }
      const rotating = other.rotate('acme', successor.id, sampleRotation({ at: NOW + 2 }))
      await Promise.all([
        store.completeRotation('acme', successor.id, NOW + 1).then(() => expectTold(store, token.digest)),
        rotating.then(() => expectTold(other, successor.digest)),
      ])
      expect(await store.find('acme', token.id)).toMatchObject({ revokedReason: 'rotated', revokedAt: NOW + 1 })
      expect(await store.find('acme', successor.id)).toMatchObject({ rotatedTo: expect.any(String), revokedAt: null })
    }
  })
})
