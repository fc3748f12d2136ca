import { describe, expect, it } from 'vitest'
import { parseJson } from '../support/four-apis/answer.ts'
import type { ApiUnderTest } from '../support/four-apis/api-under-test.ts'
import { describeFourApis, describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'

const rotation = (api: ApiUnderTest, id: string) => `${api.item(id)}/rotate`

describeFourApis(
  'POST on rotate',
  (four) => {
    describe.each(four.all)('of a token of $name', (api) => {
      it('answers 201 as issue does: the successor in its envelope and, this once, the secret', async () => {
        const old = await api.issue()
        const answer = await api.call('POST', rotation(api, old.record.id))
        expect(answer.status).toBe(201)
        expect(answer.headers.get('cache-control')).toBe('no-store')
        expect(answer.headers.has('idempotent-replayed')).toBe(false)
        const { secret, ...body } = parseJson<{ secret: string }>(answer)
        const record = api.recordIn(answer)
        const status = api.name === 'offset' ? { status: 'success' } : {}
        expect(body).toEqual({ ...status, [api.wire.names.record]: record })
        expect(secret).toMatch(api.wire.secret)
        expect(record.id).toMatch(api.wire.id)
        expect([record.id, secret]).not.toEqual([old.record.id, old.secret])
        expect(Object.keys(record).toSorted()).toEqual(api.wire.keys.toSorted())
        expect(await api.get(record.id)).toEqual(record)
      })

      it('keeps the name, the scopes and the expiry', async () => {
        const { expiry } = api.wire.names
        const old = await api.issue({ name: 'Kept', [expiry]: '2030-01-31T00:00:00Z' })
        const { record } = await api.rotate(old.record.id)
        for (const key of ['name', 'scopes', expiry, 'created_by', 'organizationId', 'org_id']) {
          expect(record[key]).toEqual(old.record[key])
        }
      })

      it('accepts the old secret until the first use of the new one', async () => {
        const old = await api.issue()
        const { secret } = await api.rotate(old.record.id)
        expect(await api.statusOf(old.secret)).toBe(200)
        expect(await api.statusOf(secret)).toBe(200)
        expectFault(await api.call('GET', api.facts.protected, { secret: old.secret }), api, 'badToken')
      })

      it('accepts the old secret no more with an overlap of 0', async () => {
        const old = await api.issue()
        const { secret } = await api.rotate(old.record.id, { json: { [api.wire.names.overlap]: 0 } })
        expect(await api.statusOf(old.secret)).toBe(401)
        expect(await api.statusOf(secret)).toBe(200)
      })

      it('leaves one successor accepted, however many ask at once', async () => {
        const { record } = await api.issue()
        const answers = await Promise.all(Array.from({ length: 20 }, () => api.rotate(record.id)))
        const statuses = await Promise.all(answers.map(({ secret }) => api.statusOf(secret)))
        expect(statuses.toSorted((a, b) => a - b)).toEqual([200, ...Array.from({ length: 19 }, () => 401)])
      })

      it('gives the holder of the old secret the same new one again, marked as a replay', async () => {
        const { record, secret } = await api.issue()
        const ask = () => api.call('POST', rotation(api, record.id), { secret })
        const answers = await Promise.all(Array.from({ length: 20 }, ask))
        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
        expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
        expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(19)
        const successor = parseJson<{ secret: string }>(await ask())
        expect(await api.statusOf(successor.secret)).toBe(200)
        expectFault(await ask(), api, 'badToken')
      })

      it('does not tell the holder what somebody else was told', async () => {
        const { record, secret } = await api.issue()
        const successor = await api.rotate(record.id)
        const answer = await api.call('POST', rotation(api, record.id), { secret })
        expectFault(answer, api, 'illegalTransition', { details: { rotatedTo: successor.record.id } })
      })

      it('hands out no scope that the caller does not hold', async () => {
        const [scope, ...others] = api.wire.scopes
        const { record } = await api.issue()
        const { secret } = await api.issue({ scopes: others })
        const answer = await api.call('POST', rotation(api, record.id), { secret })
        expectFault(answer, api, 'insufficientScope', { scopes: [scope] })
        await api.rotate(record.id)
      })

      it.each(['revoked', 'expired', 'suspended'] as const)('refuses one that is %s', async (seed) => {
        expectFault(await api.call('POST', rotation(api, api.facts.tokens[seed].id)), api, 'illegalTransition')
      })
    })

    it.each(['plain', 'paged', 'cursor'] as const)('hands out in %s nothing that outlives the caller', async (name) => {
      const api = four.apis[name]
      const eternal = await api.issue()
      const { secret, record } = await api.issue({ [api.wire.names.expiry]: '2030-01-31T00:00:00Z' })
      const answer = await api.call('POST', rotation(api, eternal.record.id), { secret })
      expect(answer.status).toBe(403)
      expect(answer.headers.has('www-authenticate')).toBe(false)
      const issued = await api.issue({}, { secret })
      expect(issued.record[api.wire.names.expiry]).toBe(record[api.wire.names.expiry])
      await api.rotate(record.id, { secret })
    })
  },
  '--active-limit',
  '0',
)

describeFourApis('POST on rotate at the limit', (four) => {
  it.each(four.all)('works in $name', async (api) => {
    const fill = () => api.call('POST', api.facts.list, { json: { name: 'A token', scopes: [] } })
    const answers = await Promise.all(Array.from({ length: 25 }, fill))
    expect(answers.some(({ status }) => status === 409)).toBe(true)
    await api.rotate(api.facts.tokens.spare.id)
    expect((await fill()).status).toBe(409)
  })
})

describeInMemory('POST on rotate', (four) => {
  describe.each(four.all)('of a token of $name', (api) => {
    it.each([-1, 1.5, '60', null, 2_592_001, []])('refuses the overlap %j', async (overlap) => {
      const { record } = await api.issue()
      const field = api.wire.names.overlap
      const answer = await api.call('POST', rotation(api, record.id), { json: { [field]: overlap } })
      expectFault(answer, api, 'badParameter', { field })
    })

    it('does not know the name that other APIs give to the overlap', async () => {
      const { record } = await api.issue()
      const foreign = api.name === 'plain' ? 'overlap_seconds' : 'overlapSeconds'
      const answer = await api.call('POST', rotation(api, record.id), { json: { [foreign]: 1 } })
      expectFault(answer, api, 'badParameter')
    })
  })
})
