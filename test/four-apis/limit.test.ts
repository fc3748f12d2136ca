import { describe, expect, it, vi } from 'vitest'
import type { ApiUnderTest } from '../support/four-apis/api-under-test.ts'
import { describeFourApis, describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'

/** How many of the seeded tokens count: valid, spare, caller, noScope and suspended; not revoked and expired. */
const SEEDED = 5

async function issueAtOnce(api: ApiUnderTest, count: number): Promise<{ issued: string[]; refused: number }> {
  const json = { name: 'One of many', scopes: [] }
  const posts = Array.from({ length: count }, () => api.call('POST', api.facts.list, { json }))
  const answers = await Promise.all(posts)
  const issued = answers.filter(({ status }) => status === 201).map((answer) => api.recordIn(answer).id)
  return { issued, refused: answers.filter(({ status }) => status === 409).length }
}

const post = (api: ApiUnderTest) => api.call('POST', api.facts.list, { json: { name: 'One more', scopes: [] } })

function expectLimit(api: ApiUnderTest, answer: Parameters<typeof expectFault>[0], limit: number, active = limit) {
  expectFault(answer, api, 'limitReached', { details: { limit, active } })
}

describeFourApis('the limit of 25 active tokens', (four) => {
  describe.each(four.all)('in $name', (api) => {
    it('is exact when a hundred are issued at once, and counts suspended tokens, not revoked and expired ones', async () => {
      const { issued, refused } = await issueAtOnce(api, 100)
      expect({ issued: issued.length, refused }).toEqual({ issued: 25 - SEEDED, refused: 75 + SEEDED })
      expectLimit(api, await post(api), 25)
      await api.revoke(issued[0] ?? '')
      expect(await post(api)).toMatchObject({ status: 201 })
      expectLimit(api, await post(api), 25)
    })

    it('does not touch the account of another owner', async () => {
      const { otherOwner } = api.facts.tokens
      const path = otherOwner.list ?? api.facts.list
      const answer = await api.call('POST', path, { secret: otherOwner.secret, json: { name: 'CI', scopes: [] } })
      expect(answer.status).toBe(201)
    })
  })

  it('gives the place of a token to another when it expires', async () => {
    const expiring = async (api: ApiUnderTest) => {
      const { id } = (await api.list('?per_page=100&pagination[page_size]=100')).at(-1) ?? expect.fail()
      await api.revoke(id)
      await api.issue({ [api.wire.names.expiry]: new Date(Date.now() + 1_500).toISOString() })
      expectLimit(api, await post(api), 25)
      await vi.waitFor(async () => expect((await post(api)).status).toBe(201), { timeout: 10_000, interval: 100 })
      expectLimit(api, await post(api), 25)
    }
    await Promise.all(four.all.map(expiring))
  }, 15_000)
})

describeInMemory(
  '--active-limit 3',
  (four) => {
    it.each(four.all)('refuses every token of $name, whose seeded ones are more', async (api) => {
      expectLimit(api, await post(api), 3, SEEDED)
    })
  },
  ...['--active-limit', '3'],
)

describeInMemory(
  '--active-limit 0',
  (four) => {
    it.each(four.all)('lets $name issue any number', async (api) => {
      expect(await issueAtOnce(api, 100)).toMatchObject({ issued: { length: 100 }, refused: 0 })
    })
  },
  ...['--active-limit', '0'],
)
