import { afterAll, describe, expect, it } from 'vitest'
import { MAJORS } from '../../testing/ioredis-majors.ts'
import { checkClient } from './client.ts'
import type { RedisClient } from './client.ts'

const lazyConnect = true
const PORTS = [1]
const chooseNobody = () => {
  throw new Error('nobody is asked')
}
const made: { disconnect(): void }[] = []

function keep<Client extends { disconnect(): void }>(client: Client): Client {
  made.push(client)
  return client
}

afterAll(() => {
  for (const client of made) client.disconnect()
})

describe.each(MAJORS)('checkClient, %s', (_name, { redis, cluster }) => {
  it('accepts a Redis and a Cluster, with the defaults and with reads from primaries', () => {
    expect(() => checkClient(keep(redis({ lazyConnect })))).not.toThrow()
    expect(() => checkClient(keep(cluster(PORTS, { lazyConnect })))).not.toThrow()
    expect(() => checkClient(keep(cluster(PORTS, { lazyConnect, scaleReads: 'master' })))).not.toThrow()
  })

  it.each(['slave', 'all'] as const)('refuses a cluster that reads from replicas: %s', (scaleReads) => {
    const client = keep(cluster(PORTS, { lazyConnect, scaleReads }))
    expect(() => checkClient(client)).toThrow(TypeError)
    expect(() => checkClient(client)).toThrow('scaleReads to "master"')
  })

  it('refuses a cluster that chooses who to read from by a function', () => {
    const client = keep(cluster(PORTS, { lazyConnect, scaleReads: chooseNobody }))
    expect(() => checkClient(client)).toThrow('scaleReads to "master"')
  })

  it('refuses a client that makes pipelines of its own', () => {
    const client = keep(redis({ lazyConnect, enableAutoPipelining: true }))
    expect(() => checkClient(client)).toThrow('enableAutoPipelining')
  })

  it('refuses a client that asks Sentinel for a replica', () => {
    const client = keep(
      redis({ lazyConnect, sentinels: [{ host: '127.0.0.1', port: 1 }], name: 'tokens', role: 'slave' }),
    )
    expect(() => checkClient(client)).toThrow('role to "master"')
  })

  it('refuses a client with a key prefix of its own', () => {
    const clients = [
      keep(redis({ lazyConnect, keyPrefix: 'app:' })),
      keep(cluster(PORTS, { lazyConnect, redisOptions: { keyPrefix: 'app:' } })),
    ]
    for (const client of clients) expect(() => checkClient(client)).toThrow('give keyPrefix to redisStore')
  })
})

describe('checkClient', () => {
  it.each([undefined, null, 'redis://127.0.0.1', {}])('refuses %j', (client) => {
    expect(() => checkClient(client as RedisClient)).toThrow(TypeError)
  })
})
