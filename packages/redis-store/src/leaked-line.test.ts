import { createTokens } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../../test/redis/index.ts'
import { MAJORS } from '../testing/ioredis-majors.ts'
import { patientStore } from '../testing/patient-store.ts'

const server = await startRedis()

afterAll(() => server.stop())

describe.each(MAJORS)('a line of tokens on Redis, %s', (name, { redis }) => {
  const clients = [redis({ port: server.port }), redis({ port: server.port })] as const
  const [victim, thief] = clients.map((client) =>
    createTokens({ store: patientStore(client), prefix: 'ot_pat', activeLimit: null }),
  )

  afterAll(() => {
    for (const client of clients) client.disconnect()
  })

  it('ends as a whole while a thief goes on rotating it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const owner = `acme ${name} ${round}`
      const issued = await victim?.issue({ owner, name: 'ci', scopes: [] })
      let secret = issued?.secret
      const overlapMs = round % 2 === 0 ? 0 : 60_000
      const stealing = (async () => {
        while (secret !== undefined) secret = (await thief?.rotateSecret(secret, { overlapMs }))?.secret
      })()
      await victim?.revoke(owner, issued?.token.id ?? '', { reason: 'leaked' })
      const left = await victim?.list(owner, { statuses: ['active'], window: 'all' })
      expect(left?.tokens).toEqual([])
      await stealing
    }
  })
})
