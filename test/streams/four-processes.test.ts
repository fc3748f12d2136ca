import { createTokens } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis } from '../redis/index.ts'
import type { RedisServer } from '../redis/index.ts'
import { startFourApis } from '../support/four-apis/four-apis-server.ts'
import type { FourApisServer } from '../support/four-apis/four-apis-server.ts'
import { openStream } from './event-stream.ts'

const PROCESSES = 4
const TOKENS = 20
const STREAMS = 1_000
/** The default of `withinMs`. */
const WITHIN_MS = 5_000
/** For the way to this process, on a machine with other work. */
const ROOM_MS = 1_000

describe('a thousand streams on four processes', () => {
  let redis: RedisServer
  let client: Redis
  const servers: FourApisServer[] = []

  beforeAll(async () => {
    redis = await startRedis()
    client = new Redis(redis.port, '127.0.0.1')
    const start = async () => {
      const flags = ['--store', `redis://127.0.0.1:${redis.port}/0`, '--active-limit', '0', '--no-seed']
      servers.push(await startFourApis(...flags))
    }
    await Promise.all(Array.from({ length: PROCESSES }, start))
  })
  afterAll(async () => {
    client.disconnect()
    await Promise.all(servers.map(({ process }) => process.end()))
    await redis.stop()
  })

  it('end within the bound after the acknowledgement, and none of an active token does', async () => {
    const tokens = createTokens({ store: redisStore(client), prefix: 'acme_pat', activeLimit: null })
    const scopes = ['jobs:read', 'tokens:write']
    const issued = await Promise.all(
      Array.from({ length: TOKENS }, (_, at) => tokens.issue({ owner: `owner ${at % 5}`, name: 'CI', scopes })),
    )
    const ports = servers.map(({ announcement }) => Number(new URL(announcement.url).port))
    const streams = await Promise.all(
      Array.from({ length: STREAMS }, async (_, at) => {
        const holder = issued[at % TOKENS] as (typeof issued)[number]
        return { ...(await openStream(ports[at % PROCESSES] ?? 0, holder.secret)), holder }
      }),
    )
    const ended = new Set<string>()
    for (const { ended: end, holder } of streams) void end.then(() => ended.add(holder.token.id))

    const acknowledged = new Map<string, number>()
    await Promise.all(
      issued.slice(TOKENS / 2).map(async ({ token, secret }, at) => {
        const { url, apis } = (servers[at % PROCESSES] as FourApisServer).announcement
        const path = apis.standard.item.replace('{id}', token.id)
        const headers = { authorization: `Bearer ${secret}` }
        expect((await fetch(`${url}${path}`, { method: 'DELETE', headers })).status).toBe(200)
        acknowledged.set(token.id, performance.now())
      }),
    )
    const revoked = streams.filter(({ holder }) => acknowledged.has(holder.token.id))
    const late = await Promise.all(
      revoked.map(async ({ ended: end, holder }) => (await end) - (acknowledged.get(holder.token.id) ?? 0)),
    )
    expect(revoked).toHaveLength(STREAMS / 2)
    expect(Math.max(...late)).toBeLessThan(WITHIN_MS + ROOM_MS)
    // Longer than any reading takes to come.
    await tokens.close()
    expect([...ended].sort()).toEqual([...acknowledged.keys()].sort())
    for (const { leave } of streams) leave()
  })
})
