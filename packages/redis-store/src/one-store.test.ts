import { createTokens } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../../test/redis/index.ts'
import { newestMajor } from '../testing/ioredis-majors.ts'
import { openStore } from '../testing/open-store.ts'

const server = await startRedis()
const client = newestMajor.redis({ port: server.port })

afterAll(async () => {
  client.disconnect()
  await server.stop()
})

describe('two createTokens', () => {
  it('on one store have tokens and limits of their own', async () => {
    const store = openStore(client)
    const people = createTokens({ store, prefix: 'ot_pat', activeLimit: 2 })
    const machines = createTokens({ store, prefix: 'ot_ci', activeLimit: 2 })
    const { secret, token } = await people.issue({ owner: 'acme', name: 'one', scopes: [] })
    expect(await machines.verify(secret)).toEqual({ ok: false, reason: 'malformed' })
    await machines.issue({ owner: 'acme', name: 'two', scopes: [] })
    await people.issue({ owner: 'acme', name: 'three', scopes: [] })
    await expect(people.issue({ owner: 'acme', name: 'four', scopes: [] })).rejects.toThrow(/limit|active/)
    const { tokens } = await machines.list('acme')
    expect(tokens.map(({ name }) => name)).toEqual(['two'])
    await expect(machines.revoke('acme', token.id)).rejects.toThrow('no such token')
    expect(await people.verify(secret)).toMatchObject({ ok: true })
    await Promise.all([people.close(), machines.close()])
  })

  it('on stores of different prefixes share nothing, over one client', async () => {
    const [first, second] = ['one:', 'two:'].map((keyPrefix) =>
      createTokens({ store: openStore(client, { keyPrefix }), prefix: 'ot_pat' }),
    )
    const issued = await first?.issue({ owner: 'acme', name: 'one', scopes: [] })
    expect(await second?.verify(issued?.secret)).toEqual({ ok: false, reason: 'unknown' })
    expect((await second?.list('acme'))?.tokens).toEqual([])
    await Promise.all([first?.close(), second?.close()])
  })
})

describe('a client without an offline queue', () => {
  it('fails an operation at once while it is not connected', async () => {
    const offline = newestMajor.redis({ port: server.port, lazyConnect: true, enableOfflineQueue: false })
    const store = openStore(offline, { deadlineMs: 60_000 })
    await expect(store.find('acme', 'any')).rejects.toThrow('enableOfflineQueue')
    offline.disconnect()
  })
})
