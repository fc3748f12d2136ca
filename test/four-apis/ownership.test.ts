import { describe, expect, it } from 'vitest'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'
import { tokenChanges } from '../support/four-apis/token-changes.ts'
import { undated } from '../support/four-apis/undated.ts'

const unknownIds = {
  plain: 'b4f0c0de-0000-4000-8000-000000000000',
  paged: 'tok_000000000000000000000000',
  offset: '01kr0ma0000000000000000000000000',
  cursor: 'b4f0c0de-0000-4000-8000-000000000000',
}

describeInMemory('a change of a token', (four) => {
  const cases = four.all.flatMap((api) => tokenChanges.map((change) => ({ api, name: api.name, ...change })))

  describe.each(cases)('in $name: $method $action', ({ api, name, method, action, json }) => {
    const ask = (id: string, secret?: string | null) =>
      api.call(method, api.item(id) + action, { ...(json && { json }), ...(secret !== undefined && { secret }) })

    it("answers an unknown id and another owner's with the same bytes but for the id", async () => {
      const ids = [unknownIds[name], api.facts.tokens.otherOwner.id]
      const bytes: string[] = []
      for (const tokenId of ids) {
        const answer = await ask(tokenId)
        expectFault(answer, api, 'notFound', { details: { tokenId } })
        bytes.push(undated(answer).replaceAll(tokenId, '<id>'))
      }
      expect(bytes[1]).toBe(bytes[0])
    })

    it('leaves the token of another owner as it is', async () => {
      const { id, secret, list = api.facts.list } = api.facts.tokens.otherOwner
      const before = await api.call('GET', `${list}/${id}`, { secret })
      await ask(id)
      const after = await api.call('GET', `${list}/${id}`, { secret })
      const still = ({ body }: { body: string }) => body.replaceAll(/"last_?used_?at":("[^"]*"|null)/gi, '')
      expect(still(after)).toBe(still(before))
    })

    it('does not repeat an id that has not the shape of one', async () => {
      const { valid } = api.facts.tokens
      for (const id of [valid.secret, valid.id.toUpperCase(), 'x'.repeat(129), '__proto__', '%00', '%FF', '%']) {
        const answer = await ask(id)
        expectFault(answer, api, 'malformedId')
        expect(answer.raw).not.toContain(id)
      }
      expect(await api.statusOf(valid.secret)).toBe(200)
    })

    it('answers 401 before it looks for the token or reads a body', async () => {
      for (const id of [api.facts.tokens.valid.id, unknownIds[name], 'shapeless']) {
        expectFault(await ask(id, null), api, 'unauthenticated')
        expectFault(await ask(id, 'nonsense'), api, 'badToken')
      }
    })

    it('needs tokens:write in paged alone', async () => {
      const { noScope } = api.facts.tokens
      const answer = await ask(unknownIds[name], noScope.secret)
      if (name === 'paged') expectFault(answer, api, 'insufficientScope', { scopes: ['tokens:write'] })
      else expect(answer.status).toBe(404)
    })
  })
})
