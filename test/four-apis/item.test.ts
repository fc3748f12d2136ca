import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'
import { seedNames } from '../support/four-apis/four-apis-server.ts'
import { undated } from '../support/four-apis/undated.ts'

const unknownIds = {
  plain: randomUUID(),
  paged: 'tok_000000000000000000000000',
  offset: '01kr0ma0000000000000000000000000',
  cursor: randomUUID(),
}

describeInMemory('one token', (four) => {
  describe.each(four.all)('of $name', (api) => {
    it('is answered in its envelope, alone, as the list has it', async () => {
      const answer = await api.call('GET', api.item(api.facts.tokens.spare.id))
      expect(answer.status).toBe(200)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const listed = (await api.list()).find(({ id }) => id === api.facts.tokens.spare.id)
      const status = api.name === 'offset' ? { status: 'success' } : {}
      expect(JSON.parse(answer.body)).toEqual({ ...status, [api.wire.names.record]: listed })
    })

    it('is found whatever its status', async () => {
      for (const seed of seedNames.filter((name) => name !== 'otherOwner')) {
        const { id } = api.facts.tokens[seed]
        expect(await api.get(id)).toMatchObject({ id })
      }
    })

    it.each(['GET', 'DELETE'])(
      "%s answers an unknown id and another owner's with the same bytes but for the id",
      async (method) => {
        const unknown = unknownIds[api.name]
        const others = api.facts.tokens.otherOwner.id
        const answers = await Promise.all([unknown, others].map((id) => api.call(method, api.item(id))))
        for (const [index, tokenId] of [unknown, others].entries()) {
          const answer = answers[index] ?? expect.fail()
          expectFault(answer, api, 'notFound', { details: { tokenId } })
        }
        const [first, second] = answers.map((answer, index) =>
          undated(answer).replaceAll([unknown, others][index] ?? '', '<id>'),
        )
        expect(second).toBe(first)
      },
    )

    it('of another owner is left as it is', async () => {
      const { id, secret, list = api.facts.list } = api.facts.tokens.otherOwner
      await api.call('DELETE', api.item(id))
      expect(await api.call('GET', `${list}/${id}`, { secret })).toMatchObject({ status: 200 })
    })

    it.each(['GET', 'DELETE'])('%s does not repeat an id that has not the shape of one', async (method) => {
      const { valid } = api.facts.tokens
      const shapeless = [
        valid.secret,
        valid.id.toUpperCase(),
        `${valid.id}x`,
        'x'.repeat(129),
        'x'.repeat(10_000),
        '__proto__',
        'constructor',
        '%00',
        '%FF',
        '%',
        encodeURIComponent('../../etc/passwd'),
        encodeURIComponent(`${valid.id}\n`),
      ]
      for (const id of shapeless) {
        const answer = await api.call(method, api.item(id))
        expectFault(answer, api, 'malformedId')
        expect(answer.raw).not.toContain(id)
      }
      expect(await api.statusOf(valid.secret)).toBe(200)
    })

    it('answers 401 before it looks for the token', async () => {
      const ids = [api.facts.tokens.valid.id, unknownIds[api.name], 'shapeless', '%FF']
      for (const method of ['GET', 'DELETE', 'PUT']) {
        for (const id of ids) {
          expectFault(await api.call(method, api.item(id), { secret: null }), api, 'unauthenticated')
          expectFault(await api.call(method, api.item(id), { secret: 'nonsense' }), api, 'badToken')
        }
      }
    })
  })
})
