import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../support/four-apis/answer.ts'
import { apiUnderTest } from '../support/four-apis/api-under-test.ts'
import type { ApiUnderTest } from '../support/four-apis/api-under-test.ts'
import { connect } from '../support/four-apis/connection.ts'
import { deployments } from '../support/four-apis/deployments.ts'
import type { DeployedStore } from '../support/four-apis/deployments.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'
import { startFourApis } from '../support/four-apis/four-apis-server.ts'
import type { FourApisServer } from '../support/four-apis/four-apis-server.ts'
import { apiNames } from '../support/four-apis/wire.ts'

/** A request of which the server has the head and one byte of the body. */
interface Parked {
  /** Sends the rest. */
  finish(): Promise<Answer>
}

async function park(api: ApiUnderTest, url: string, secret: string, change: readonly [string, string, object]) {
  const [method, path, json] = change
  const bytes = api.request(method, path, { secret, json })
  const start = bytes.indexOf('\r\n\r\n') + 5
  const connection = await connect(url)
  connection.write(bytes.subarray(0, start))
  return {
    async finish(): Promise<Answer> {
      const answer = await connection.send(bytes.subarray(start))
      connection.close()
      return answer
    },
  }
}

/** A thief's token, tokens of others, and requests that the thief began and did not finish. */
async function parkAll(api: ApiUnderTest, url: string) {
  const { secret, record } = await api.issue({ name: 'Stolen' })
  const others = await Promise.all([1, 2, 3, 4].map((number) => api.issue({ name: `Other ${number}`, scopes: [] })))
  const [edited = record, rotated = record, suspended = record, resumed = record] = others.map((other) => other.record)
  await api.suspend(resumed.id)
  const minting = ['POST', api.facts.list, { name: 'Minted', scopes: api.wire.scopes }] as const
  const changes = [
    ...Array.from({ length: 5 }, () => minting),
    ['PATCH', api.item(edited.id), { scopes: api.wire.scopes }],
    ['POST', `${api.item(rotated.id)}/rotate`, {}],
    ['POST', `${api.item(suspended.id)}/suspend`, {}],
    ['POST', `${api.item(resumed.id)}/resume`, {}],
  ] as const
  const parked: Parked[] = []
  for (const change of changes) parked.push(await park(api, url, secret, change))
  // Requests that came later are answered, so the parked ones have been authenticated.
  for (let round = 0; round < 5; round += 1) expect(await api.statusOf(secret)).toBe(200)
  const finish = () => Promise.all(parked.map((each) => each.finish()))
  return { secret, record, finish }
}

async function everyRecord(api: ApiUnderTest): Promise<readonly object[]> {
  const records = await api.list(api.name === 'offset' ? '?pagination[page_size]=100' : '')
  return records.map(({ last_used_at: _used, lastUsedAt: _at, ...rest }) => rest)
}

describe.each(deployments)('requests of a stolen token that wait with their bodies, on $on', ({ open, on }) => {
  const servers: FourApisServer[] = []
  let store: DeployedStore | undefined

  beforeAll(async () => {
    store = await open()
    const flags = [...store.flags, '--cache', 'confirmed', '--active-limit', '0']
    servers.push(await startFourApis(...flags))
    // What is revoked through one process ends what waits in another.
    if (on !== 'memory') servers.push(await startFourApis(...flags, '--no-seed'))
  })

  afterAll(async () => {
    for (const { process } of servers) await process.end()
    await store?.close()
  })

  /** The API as the first server announced it, at another one: the last. */
  function apiAt(name: (typeof apiNames)[number], server: FourApisServer | undefined): ApiUnderTest {
    const apis = servers[0]?.announcement.apis
    const url = server?.announcement.url
    if (apis === undefined || url === undefined) throw new Error('the servers run only during the tests')
    return apiUnderTest(name, () => ({ url, apis }))
  }

  describe.each(apiNames)('of %s', (name) => {
    it.each(['revoke', 'suspend'] as const)(
      'change nothing after its %s is confirmed',
      async (end) => {
        const api = apiAt(name, servers[0])
        const elsewhere = apiAt(name, servers.at(-1))
        const { record, finish } = await parkAll(api, servers[0]?.announcement.url ?? '')
        await elsewhere[end](record.id)
        const before = await everyRecord(elsewhere)
        for (const answer of await finish()) {
          expectFault(answer, api, 'badToken')
          expect(answer.raw).not.toContain('secret')
        }
        expect(await everyRecord(elsewhere)).toEqual(before)
      },
      30_000,
    )

    it('give nothing away that was taken from it meanwhile', async () => {
      const api = apiAt(name, servers[0])
      const elsewhere = apiAt(name, servers.at(-1))
      const { record, finish } = await parkAll(api, servers[0]?.announcement.url ?? '')
      const [own] = api.wire.scopes
      await elsewhere.edit(record.id, { scopes: [own] })
      const statuses = (await finish()).map(({ status }) => status)
      // Only one of the APIs asks for a scope to manage tokens with: the others let it go on with what it may do itself.
      const others = api.name === 'paged' ? [403, 403, 403] : [201, 200, 200]
      expect(statuses).toEqual([...[403, 403, 403, 403, 403], 403, ...others])
    }, 30_000)

    it('take effect as long as it is good, however slow they are', async () => {
      const api = apiAt(name, servers[0])
      const { finish } = await parkAll(api, servers[0]?.announcement.url ?? '')
      const statuses = (await finish()).map(({ status }) => status)
      expect(statuses).toEqual([...[201, 201, 201, 201, 201], ...[200, 201, 200, 200]])
    }, 30_000)
  })
})
