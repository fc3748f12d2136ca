import { expect, it, vi } from 'vitest'
import { parseJson } from '../support/four-apis/answer.ts'
import type { ApiUnderTest, WireRecord } from '../support/four-apis/api-under-test.ts'
import { describeFourApis } from '../support/four-apis/describe-four-apis.ts'

describeFourApis('the last use', (four) => {
  /** The record as the list shows it, asked for with another token. */
  async function listed(api: ApiUnderTest, id: string): Promise<WireRecord> {
    const record = (await api.list()).find((each) => each.id === id)
    return record ?? expect.fail(`${api.name} does not list ${id}`)
  }

  it('is null before the first, and in the list of every API at most five seconds after a use', async () => {
    const useAndWait = async (api: ApiUnderTest) => {
      const { id, secret } = api.facts.tokens.spare
      const { lastUse } = api.wire.names
      expect((await listed(api, id))[lastUse]).toBeNull()

      for (const step of ['the first use', 'a use soon after']) {
        const usedAt = Date.now() - (api.name === 'plain' ? 0 : Date.now() % 1_000)
        expect(await api.statusOf(secret)).toBe(200)
        await vi.waitFor(
          async () => {
            const shown = Date.parse(String((await listed(api, id))[lastUse]))
            expect(shown, step).toBeGreaterThanOrEqual(usedAt)
            expect(shown, step).toBeLessThanOrEqual(Date.now())
          },
          { timeout: 5_000, interval: 100 },
        )
      }
    }
    await Promise.all(four.all.map(useAndWait))
  }, 20_000)

  it('is not moved by a refused use', async () => {
    for (const api of four.all) {
      const { expired, revoked, suspended } = api.facts.tokens
      for (const { secret } of [expired, revoked, suspended]) await api.statusOf(secret)
    }
    // The use of another token that came after them is written with them or later.
    const { id, secret } = four.apis.plain.facts.tokens.valid
    await four.apis.plain.statusOf(secret)
    await vi.waitFor(async () => expect((await listed(four.apis.plain, id))['lastUsedAt']).not.toBeNull(), 5_000)
    for (const api of four.all) {
      for (const { id } of [api.facts.tokens.expired, api.facts.tokens.suspended]) {
        expect((await listed(api, id))[api.wire.names.lastUse]).toBeNull()
      }
    }
  }, 20_000)

  it('counts managing tokens as a use', async () => {
    const api = four.apis.plain
    const { secret, record } = await api.issue()
    expect(parseJson<object>(await api.call('GET', api.facts.list, { secret }))).toHaveProperty('tokens')
    await vi.waitFor(async () => expect((await listed(api, record.id))['lastUsedAt']).not.toBeNull(), 5_000)
  }, 10_000)
})
