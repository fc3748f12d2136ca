import type { TokenStore } from '@tessera/core'
import { postgresStore } from '@tessera/postgres-store'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hasPostgres, startPostgres } from '../postgres/index.ts'
import { startRedis } from '../redis/index.ts'
import { parseJson } from '../support/four-apis/answer.ts'
import { apiUnderTest } from '../support/four-apis/api-under-test.ts'
import type { ApiUnderTest, CallOptions } from '../support/four-apis/api-under-test.ts'
import { startFourApis } from '../support/four-apis/four-apis-server.ts'
import type { FourApisServer } from '../support/four-apis/four-apis-server.ts'
import { apiNames } from '../support/four-apis/wire.ts'

const ANSWER_MS = 2_000

/** The server of a store that any number of processes share. It writes each change to its disk before it confirms it. */
interface StoreServer {
  readonly url: string
  kill(): Promise<void>
  restart(): Promise<void>
  freeze(): unknown
  thaw(): void
  stop(): Promise<void>
}

/** A store of the test's own on the server. */
type UseStore = (server: StoreServer, use: (store: TokenStore) => Promise<unknown>) => Promise<void>

interface Shared {
  readonly on: string
  start(): Promise<StoreServer>
  readonly useStore: UseStore
}

const onRedis: Shared = {
  on: 'Redis',
  async start() {
    const server = await startRedis({ config: ['appendonly yes', 'appendfsync always'] })
    return { ...server, url: `redis://127.0.0.1:${server.port}/0` }
  },
  async useStore({ url }, use) {
    const client = new Redis(url)
    await use(redisStore(client))
    client.disconnect()
  },
}

const onPostgres: Shared = {
  on: 'PostgreSQL',
  start: () => startPostgres(),
  async useStore({ url }, use) {
    const pool = new Pool({ connectionString: url })
    await use(postgresStore(pool))
    await pool.end()
  },
}

const stores = [onRedis, ...(hasPostgres ? [onPostgres] : [])]

/** Several servers on one store. */
interface Fleet {
  readonly storeServer: StoreServer
  readonly servers: readonly FourApisServer[]
  /** An API as each server serves it, with the tokens that the first one announced. */
  readonly apis: (name: (typeof apiNames)[number]) => readonly ApiUnderTest[]
}

async function startFleet(shared: Shared, size: number): Promise<Fleet> {
  const storeServer = await shared.start()
  const store = ['--store', storeServer.url]
  const first = await startFourApis(...store)
  const others = await Promise.all(Array.from({ length: size - 1 }, () => startFourApis(...store, '--no-seed')))
  const { apis } = first.announcement
  const servers = [first, ...others]
  return {
    storeServer,
    servers,
    apis: (name) => servers.map(({ announcement: { url } }) => apiUnderTest(name, () => ({ url, apis }))),
  }
}

async function stopFleet({ storeServer, servers }: Fleet): Promise<void> {
  await Promise.all(servers.map(({ process }) => process.end()))
  await storeServer.stop()
}

/** The calls of an API that need the store. */
function storeCalls(api: ApiUnderTest): readonly [method: string, path: string, options?: CallOptions][] {
  const { list, protected: guarded, tokens } = api.facts
  return [
    ['GET', list],
    ['POST', list, { json: { name: 'Not issued', scopes: [] } }],
    ['GET', api.item(tokens.spare.id)],
    ['DELETE', api.item(tokens.spare.id)],
    ['GET', guarded],
    ['GET', guarded, { secret: tokens.revoked.secret }],
  ]
}

describe.each(stores)('several servers on one $on', (shared) => {
  let fleet: Fleet
  beforeAll(async () => {
    fleet = await startFleet(shared, 3)
  })
  afterAll(() => stopFleet(fleet))

  it.each(apiNames)('refuse on all what one has revoked, at once: %s', async (name) => {
    const apis = fleet.apis(name)
    for (const [index, revoker] of apis.entries()) {
      const issuer = apis[(index + 1) % apis.length] ?? revoker
      const { secret, record } = await issuer.issue()
      expect(await Promise.all(apis.map((api) => api.statusOf(secret)))).toEqual([200, 200, 200])
      await revoker.revoke(record.id)
      expect(await Promise.all(apis.map((api) => api.statusOf(secret)))).toEqual([401, 401, 401])
    }
  })

  it('go on where a walk was after the row of its cursor was pruned', async () => {
    const [api, other] = fleet.apis('cursor')
    if (api === undefined || other === undefined) throw new Error('there are no two servers')
    interface Page {
      readonly items: readonly { readonly id: string }[]
      readonly next_cursor: string | null
    }
    const page = async (query: string) => parseJson<Page>(await api.call('GET', `${api.facts.list}?${query}`))
    for (let count = 0; count < 4; count += 1) await other.issue()
    const all = (await page('limit=100')).items.map(({ id }) => id)
    const { items, next_cursor } = await page(`limit=${all.length - 2}`)
    const last = items.at(-1)?.id ?? ''
    await other.revoke(last)
    const now = Date.now() + 1
    await shared.useStore(fleet.storeServer, (store) => store.prune({ prefixes: ['aeth'], now, endedBefore: now }))
    expect((await other.call('GET', api.item(last))).status).toBe(404)
    const rest = await page(`cursor=${next_cursor}`)
    expect(rest.items.map(({ id }) => id)).toEqual(all.slice(-2))
  })

  it('hold the limit together', async () => {
    const apis = fleet.apis('paged')
    const json = { name: 'One of 60', scopes: [] }
    const attempts = apis.flatMap((api) => Array.from({ length: 20 }, () => api.call('POST', api.facts.list, { json })))
    const statuses = (await Promise.all(attempts)).map(({ status }) => status)
    // Of the seeded tokens, five are active.
    expect(statuses.filter((status) => status === 201)).toHaveLength(20)
    // A machine that is loaded may answer some of them too late, and refuses these as well.
    const others = statuses.filter((status) => status !== 201 && status !== 503)
    expect(new Set(others)).toEqual(new Set([409]))
  })
})

describe.each(stores)('while $on does not answer', (shared) => {
  let fleet: Fleet
  beforeAll(async () => {
    fleet = await startFleet(shared, 1)
  })
  afterAll(() => stopFleet(fleet))

  const everyApi = (): ApiUnderTest[] => apiNames.flatMap((name) => fleet.apis(name))

  async function expectUnavailable(api: ApiUnderTest): Promise<void> {
    const startedAt = performance.now()
    const answers = await Promise.all(storeCalls(api).map((call) => api.call(...call)))
    expect(performance.now() - startedAt).toBeLessThan(ANSWER_MS)
    for (const { status, headers, body } of answers) {
      expect(status).toBe(503)
      expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
      expect(headers.has('www-authenticate')).toBe(false)
      expect(body).toContain(
        api.name === 'offset' ? '"unexpected"' : api.name === 'plain' ? 'UNAVAILABLE' : 'unavailable',
      )
    }
  }

  /** As before the outage, two seconds after it at the latest: nothing lost, nothing revoked accepted. */
  async function expectService(): Promise<void> {
    for (const api of everyApi()) {
      const { valid, spare, revoked } = api.facts.tokens
      await vi.waitFor(async () => expect(await api.statusOf(valid.secret)).toBe(200), ANSWER_MS)
      expect(await api.statusOf(revoked.secret)).toBe(401)
      expect(await api.statusOf(spare.secret)).toBe(200)
      expect((await api.list()).map((record) => record['name'])).not.toContain('Not issued')
    }
  }

  async function revokeOneOfEach(): Promise<readonly [ApiUnderTest, secret: string][]> {
    const revoked: [ApiUnderTest, string][] = []
    for (const api of everyApi()) {
      const { secret, record } = await api.issue()
      await api.revoke(record.id)
      revoked.push([api, secret])
    }
    return revoked
  }

  it('answers 503 to all that needs the store, and is back after a kill -9', async () => {
    const revoked = await revokeOneOfEach()
    await fleet.storeServer.kill()
    await Promise.all(everyApi().map(expectUnavailable))
    await fleet.storeServer.restart()
    await expectService()
    for (const [api, secret] of revoked) expect(await api.statusOf(secret)).toBe(401)
  }, 30_000)

  it('refuses a malformed secret without the store, also then', async () => {
    await fleet.storeServer.freeze()
    for (const api of everyApi()) expect(await api.statusOf('x')).toBe(401)
    fleet.storeServer.thaw()
  }, 30_000)
})
