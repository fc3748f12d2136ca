import { describe, expect, it } from 'vitest'
import { describeFourApis } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'

describeFourApis(
  'POST on suspend and resume',
  (four) => {
    describe.each(four.all)('of a token of $name', (api) => {
      it('refuses the token at once, until it is resumed', async () => {
        const { secret, record } = await api.issue()
        expect(await api.statusOf(secret)).toBe(200)
        const suspended = await api.suspend(record.id)
        expect(Object.keys(suspended).toSorted()).toEqual(api.wire.keys.toSorted())
        expectFault(await api.call('GET', api.facts.protected, { secret }), api, 'badToken')
        const resumed = await api.resume(record.id)
        expect(resumed).toEqual(await api.get(record.id))
        expect(await api.statusOf(secret)).toBe(200)
        if (api.name === 'cursor') return
        expect([suspended['status'], resumed['status']]).toEqual(['suspended', 'active'])
      })

      it('may suspend the token that it is called with, which cannot resume itself', async () => {
        const { secret, record } = await api.issue()
        await api.suspend(record.id, { secret })
        expectFault(await api.call('POST', `${api.item(record.id)}/resume`, { secret }), api, 'badToken')
        await api.resume(record.id)
        expect(await api.statusOf(secret)).toBe(200)
      })

      it('may be asked for again', async () => {
        const { record } = await api.issue()
        const resumed = await api.resume(record.id)
        expect(resumed).toEqual(await api.get(record.id))
        await api.suspend(record.id)
        expect(await api.suspend(record.id)).toEqual(await api.get(record.id))
      })

      it.each(['suspend', 'resume'])('cannot %s what is revoked', async (action) => {
        const { secret, record } = await api.issue()
        await api.revoke(record.id)
        expectFault(await api.call('POST', `${api.item(record.id)}/${action}`), api, 'illegalTransition')
        expect(await api.statusOf(secret)).toBe(401)
      })

      it.each(['suspend', 'resume'])('takes no field that would have no effect: %s', async (action) => {
        const { record } = await api.issue()
        const answer = await api.call('POST', `${api.item(record.id)}/${action}`, { json: { until: null } })
        expectFault(answer, api, 'badParameter')
      })

      it('moves a token between the two however many ask at once', async () => {
        const { secret, record } = await api.issue()
        const ask = (action: string) => api.call('POST', `${api.item(record.id)}/${action}`)
        const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(n % 2 === 0 ? 'suspend' : 'resume')))
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
        await api.resume(record.id)
        expect(await api.statusOf(secret)).toBe(200)
      })
    })

    it('is a status that paged filters by', async () => {
      const api = four.apis.paged
      const { record } = await api.issue()
      await api.suspend(record.id)
      expect((await api.list('?status=suspended&per_page=100')).map(({ id }) => id)).toContain(record.id)
      await api.resume(record.id)
      expect((await api.list('?status=suspended&per_page=100')).map(({ id }) => id)).not.toContain(record.id)
    })
  },
  '--active-limit',
  '0',
)
