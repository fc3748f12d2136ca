import { describe, expect, it } from 'vitest'
import { parseJson } from '../support/four-apis/answer.ts'
import type { CallOptions } from '../support/four-apis/api-under-test.ts'
import { describeFourApis, describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'
import type { FourApis } from '../support/four-apis/describe-four-apis.ts'
import { tokenChanges } from '../support/four-apis/token-changes.ts'

const key = (value: string) => ({ headers: [['Idempotency-Key', value]] }) as const satisfies CallOptions

const changesIn = ({ all }: FourApis) =>
  all.flatMap((api) =>
    tokenChanges.map(({ method, action, json, status }) => ({
      ...{ api, name: api.name, at: `${method} ${action}`, status },
      ask: (id: string, options: CallOptions, query = '') =>
        api.call(method, api.item(id) + action + query, { ...(json && { json }), ...options }),
    })),
  )

describeFourApis(
  'an idempotency key of a change',
  (four) => {
    describe.each(changesIn(four))('in $name, of $at', ({ api, status, at, ask }) => {
      const keyed = (value: string) => key(`${value}-${at.replaceAll(/\W/g, '')}`)

      it('replays the first answer, whatever became of the token since', async () => {
        const { record } = await api.issue()
        const first = await ask(record.id, keyed('replay'))
        await api.revoke(record.id)
        const replay = await ask(record.id, keyed('replay'))
        expect([first.status, replay.status]).toEqual([status, status])
        expect(parseJson(replay)).toEqual(parseJson(first))
        expect(replay.headers.get('idempotent-replayed')).toBe('true')
        expect(first.headers.has('idempotent-replayed')).toBe(false)
        expect('secret' in parseJson<object>(replay)).toBe(status === 201)
      })

      it('has one effect when twenty requests come at once', async () => {
        const { record } = await api.issue()
        const answers = await Promise.all(Array.from({ length: 20 }, () => ask(record.id, keyed('at-once'))))
        expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([status]))
        expect(new Set(answers.map((answer) => JSON.stringify(api.recordIn(answer)))).size).toBe(1)
        expect(answers.filter(({ headers }) => headers.has('idempotent-replayed'))).toHaveLength(19)
        const secrets = answers.filter((answer) => 'secret' in parseJson<object>(answer))
        expect(secrets).toHaveLength(status === 201 ? 20 : 0)
        expect(new Set(secrets.map(({ body }) => body)).size).toBe(status === 201 ? 1 : 0)
      })

      it('is a conflict with a request for another token, and with one to issue', async () => {
        const [{ record }, { record: another }] = [await api.issue(), await api.issue()]
        await ask(record.id, keyed('conflict'))
        expectFault(await ask(another.id, keyed('conflict')), api, 'idempotencyConflict')
        const issue = await api.call('POST', api.facts.list, { json: { name: 'A', scopes: [] }, ...keyed('conflict') })
        expectFault(issue, api, 'idempotencyConflict')
        expect(await api.get(another.id)).toEqual(another)
      })

      it('may be a query parameter in offset alone', async () => {
        const { record } = await api.issue()
        const query = `?idempotency_key=query-${at.replaceAll(/\W/g, '')}`
        const first = await ask(record.id, {}, query)
        const replay = await ask(record.id, {}, query)
        expect(first.status).toBe(status)
        expect(replay.headers.has('idempotent-replayed')).toBe(api.name === 'offset')
      })
    })

    it.each(four.all)('of a token that rotates itself hides in $name what is told without it', async (api) => {
      const { record, secret } = await api.issue()
      const ask = (options: CallOptions) => api.call('POST', `${api.item(record.id)}/rotate`, { secret, ...options })
      const first = parseJson<{ secret: string }>(await ask(key('itself')))
      const replay = await ask(key('itself'))
      expect(replay.headers.get('idempotent-replayed')).toBe('true')
      expect(replay.raw).not.toContain(first.secret)
      expect(parseJson(await ask({}))).toEqual(first)
    })
  },
  '--active-limit',
  '0',
)

describeInMemory(
  'an idempotency key of a change',
  (four) => {
    describe.each(changesIn(four))('in $name, of $at', ({ api, ask }) => {
      it.each(['', ' ', 'a b', 'x'.repeat(256), 'schlüssel'])('that is %j is refused', async (value) => {
        const { record } = await api.issue()
        expectFault(await ask(record.id, key(value)), api, 'badParameter', { field: 'Idempotency-Key' })
        const twice = [...key('a').headers, ...key('b').headers]
        expectFault(await ask(record.id, { headers: twice }), api, 'badBody')
        expect(await api.get(record.id)).toEqual(record)
      })
    })
  },
  '--active-limit',
  '0',
)
