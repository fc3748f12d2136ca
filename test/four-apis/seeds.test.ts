import { describe, expect, it } from 'vitest'
import { describeFourApis } from '../support/four-apis/describe-four-apis.ts'
import { seedNames } from '../support/four-apis/four-apis-server.ts'
import type { SeedName } from '../support/four-apis/four-apis-server.ts'
import type { ApiName } from '../support/four-apis/wire.ts'

const NAMES: Readonly<Record<SeedName, string>> = {
  valid: 'Valid',
  spare: 'Spare',
  caller: 'Caller',
  noScope: 'No scope',
  revoked: 'Revoked',
  expired: 'Expired',
  suspended: 'Suspended',
  otherOwner: 'Other owner',
}
const own = seedNames.filter((name) => name !== 'otherOwner')

/** What each API shows a seeded token's status as; `cursor` shows none. */
const STATUSES: Readonly<Record<ApiName, (seed: SeedName) => string | undefined>> = {
  plain: (seed) => (['revoked', 'expired', 'suspended'].includes(seed) ? seed : 'active'),
  paged: (seed) => (['revoked', 'expired', 'suspended'].includes(seed) ? seed : 'active'),
  offset: (seed) => (['revoked', 'suspended'].includes(seed) ? seed : 'active'),
  cursor: () => undefined,
}

describeFourApis('the seeded tokens', (four) => {
  describe.each(four.all)('of $name', (api) => {
    it('are listed in the order of their issue, each with its name, scopes and status', async () => {
      const listed = await api.list()
      const expected = own
        .filter((seed) => api.name !== 'cursor' || seed !== 'revoked')
        .map((seed) => ({
          id: api.facts.tokens[seed].id,
          ...(api.name !== 'offset' && { name: NAMES[seed] }),
          ...(api.name !== 'offset' && { scopes: seed === 'noScope' ? [] : api.wire.scopes }),
          ...(api.name !== 'cursor' && { status: STATUSES[api.name](seed) }),
        }))
      expect(listed).toMatchObject(api.name === 'plain' ? expected.toReversed() : expected)
    })

    it('open the protected route, but for those that must not', async () => {
      const { tokens } = api.facts
      const statuses = await Promise.all(own.map((seed) => api.statusOf(tokens[seed].secret)))
      expect(Object.fromEntries(own.map((seed, index) => [seed, statuses[index]]))).toEqual({
        ...{ valid: 200, spare: 200, caller: 200, noScope: 403 },
        ...{ revoked: 401, expired: 401, suspended: 401 },
      })
    })

    it('leave another owner with one of its own', async () => {
      const { secret, id, owner, list = api.facts.list } = api.facts.tokens.otherOwner
      expect(owner).not.toBe(api.facts.owner)
      const answer = await api.call('GET', `${list}/${id}`, { secret })
      expect(answer.status).toBe(200)
      if (api.name !== 'offset') expect(api.recordIn(answer)).toMatchObject({ name: 'Other owner' })
    })

    it('have secrets and ids in the shape of the API', () => {
      for (const seed of seedNames) {
        expect(api.facts.tokens[seed].secret).toMatch(api.wire.secret)
        expect(api.facts.tokens[seed].id).toMatch(api.wire.id)
      }
    })
  })
})
