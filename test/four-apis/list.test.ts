import { describe, expect, it } from 'vitest'
import { parseJson } from '../support/four-apis/answer.ts'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'

describeInMemory('GET on the tokens', (four) => {
  describe.each(four.all)('of $name', (api) => {
    it('answers one page of records with exactly the documented keys, nulls included', async () => {
      const answer = await api.call('GET', api.facts.list)
      expect(answer.status).toBe(200)
      const records = await api.list()
      expect(records.length).toBeGreaterThan(4)
      for (const record of records) expect(Object.keys(record).toSorted()).toEqual(api.wire.keys.toSorted())
    })

    it('is JSON that no cache may keep', async () => {
      const { headers } = await api.call('GET', api.facts.list)
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(headers.get('cache-control')).toBe('no-store')
    })

    it('writes ids, and times in UTC, in the shape of the API', async () => {
      for (const record of await api.list()) {
        expect(record.id).toMatch(api.wire.id)
        const instants = Object.entries(record).filter(([key, value]) => /(At|_at)$/.test(key) && value !== null)
        expect(instants.length).toBeGreaterThan(0)
        for (const [, value] of instants) expect(value).toMatch(api.wire.instant)
      }
    })

    it("lists the caller's account with the calling token, and nobody else's", async () => {
      const { caller, otherOwner } = api.facts.tokens
      const ids = (await api.list()).map(({ id }) => id)
      expect(ids).toContain(caller.id)
      expect(ids).not.toContain(otherOwner.id)

      const path = otherOwner.list ?? api.facts.list
      const others = parseJson<Record<string, { id: string }[]>>(
        await api.call('GET', path, { secret: otherOwner.secret }),
      )
      expect(others[api.wire.names.list]?.map(({ id }) => id)).toEqual([otherOwner.id])
    })

    it('ignores query parameters that the API does not have', async () => {
      const ids = async (query: string) => (await api.list(query)).map(({ id }) => id)
      const plain = await ids('')
      expect(await ids('?colour=red&colour=blue&__proto__[x]=1&filter[status]=revoked&sort=-id')).toEqual(plain)
    })

    it('answers HEAD with the same head and no body', async () => {
      const head = await api.call('HEAD', api.facts.list)
      const get = await api.call('GET', api.facts.list)
      expect(head.status).toBe(200)
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'))
      expect(head.headers.get('cache-control')).toBe('no-store')
    })
  })
})
