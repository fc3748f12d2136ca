import { describe, expect, it } from 'vitest'
import { parseJson } from '../support/four-apis/answer.ts'
import type { CallOptions } from '../support/four-apis/api-under-test.ts'
import { describeFourApis } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'

const key = (value: string) => ({ headers: [['Idempotency-Key', value]] }) as const satisfies CallOptions

describeFourApis(
  'an idempotency key',
  (four) => {
    describe.each(four.all)('in $name', (api) => {
      const json = { name: 'Once', scopes: [api.wire.scopes[0]] }
      const post = (options: CallOptions, query = '') => api.call('POST', api.facts.list + query, { json, ...options })

      it("replays the first answer's status and body, so that the secret of a lost answer comes again", async () => {
        const first = await post(key('replay'))
        const replay = await post(key('replay'))
        expect(replay).toMatchObject({ status: 201, body: first.body })
        expect(await api.statusOf(parseJson<{ secret: string }>(replay).secret)).toBe(200)
        expect(replay.headers.get('idempotent-replayed')).toBe('true')
        expect(replay.headers.has('tessera-secret')).toBe(false)
        expect(replay.headers.get('cache-control')).toBe('no-store')
        expect(first.headers.has('idempotent-replayed')).toBe(false)
      })

      it('replays it as it was, also when the token has been revoked since', async () => {
        const first = await post(key('revoked since'.replaceAll(' ', '-')))
        await api.revoke(api.recordIn(first).id)
        const replay = await post(key('revoked-since'))
        expect(api.recordIn(replay)).toEqual(api.recordIn(first))
        expect(parseJson(replay)).not.toHaveProperty('secret')
        expect(replay.headers.get('idempotent-replayed')).toBe('true')
      })

      it('gives the secret to nobody but the token that asked, and tells others how to go on', async () => {
        const first = await post(key('of-another'))
        const { secret: another } = await api.issue()
        const replay = await post({ ...key('of-another'), secret: another })
        const { secret, ...body } = parseJson<{ secret: string }>(first)
        expect(replay.status).toBe(201)
        expect(JSON.parse(replay.body)).toEqual(body)
        expect(replay.raw).not.toContain(secret)
        expect(replay.headers.get('tessera-secret')).toMatch(
          /^unavailable;help="rotate the token by its id, or revoke it/,
        )
        const successor = await api.rotate(api.recordIn(replay).id, { secret: another })
        expect(await api.statusOf(successor.secret)).toBe(200)
      })

      it('has one effect when fifty requests come at once', async () => {
        const { length: before } = (await api.list('?per_page=100&pagination[page_size]=100&limit=100')) as unknown[]
        const answers = await Promise.all(Array.from({ length: 50 }, () => post(key('at-once'))))
        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
        expect(new Set(answers.map((answer) => api.recordIn(answer).id)).size).toBe(1)
        const secrets = answers.map((answer) => parseJson<{ secret: string }>(answer).secret)
        expect(new Set(secrets).size).toBe(1)
        expect(await api.statusOf(secrets[0] ?? '')).toBe(200)
        expect(answers.filter(({ headers }) => headers.has('idempotent-replayed'))).toHaveLength(49)
        expect(await api.list('?per_page=100&pagination[page_size]=100&limit=100')).toHaveLength(before + 1)
      })

      it.each([{ name: 'Twice' }, { scopes: [] }, { [api.wire.names.expiry]: '2035-01-01T00:00:00Z' }])(
        'is a conflict with another request: %j',
        async (other) => {
          await post(key('conflict'))
          const answer = await post({ ...key('conflict'), json: { ...json, ...other } })
          expectFault(answer, api, 'idempotencyConflict')
        },
      )

      it('belongs to one account', async () => {
        const { secret, list = api.facts.list } = api.facts.tokens.otherOwner
        const own = await post(key('shared'))
        const others = await api.call('POST', list, { secret, json, ...key('shared') })
        expect(others.status).toBe(201)
        expect(others.headers.has('idempotent-replayed')).toBe(false)
        expect(api.recordIn(others).id).not.toBe(api.recordIn(own).id)
      })

      it('is not used up by a request that is refused', async () => {
        const bad = await post({ ...key('second-try'), json: { ...json, name: '' } })
        expectFault(bad, api, 'badParameter', { field: 'name' })
        expect((await post(key('second-try'))).headers.has('idempotent-replayed')).toBe(false)
      })

      it.each(['', ' ', 'a b', 'x'.repeat(256), 'schlüssel'])('that is %j is refused', async (value) => {
        expectFault(await post(key(value)), api, 'badParameter', { field: 'Idempotency-Key' })
      })

      it('given twice is refused', async () => {
        const headers = ['a', 'b'].map((value) => ['Idempotency-Key', value] as const)
        expectFault(await post({ headers }), api, 'badBody')
      })

      it('has no effect on a list', async () => {
        const query = api.name === 'offset' ? '?idempotency_key=a' : ''
        for (const each of ['a', 'b']) {
          expect(await api.call('GET', api.facts.list + query, key(each))).toMatchObject({ status: 200 })
        }
      })
    })

    it('may be a query parameter in offset, and is one key with the header', async () => {
      const api = four.apis.offset
      const json = { name: 'Once', scopes: [] }
      const path = `${api.facts.list}?idempotency_key=parameter`
      const first = await api.call('POST', path, { json })
      for (const replay of [
        await api.call('POST', path, { json }),
        await api.call('POST', api.facts.list, { json, ...key('parameter') }),
      ]) {
        expect(replay.headers.get('idempotent-replayed')).toBe('true')
        expect(api.recordIn(replay)).toEqual(api.recordIn(first))
      }
      expectFault(await api.call('POST', path, { json, ...key('parameter') }), api, 'badBody')
      expectFault(await api.call('POST', `${path}&idempotency_key=b`, { json }), api, 'badBody')
    })

    it.each(['plain', 'paged', 'cursor'] as const)('is no query parameter in %s', async (name) => {
      const api = four.apis[name]
      const issue = () =>
        api.call('POST', `${api.facts.list}?idempotency_key=parameter`, { json: { name: 'Twice', scopes: [] } })
      expect(api.recordIn(await issue()).id).not.toBe(api.recordIn(await issue()).id)
    })
  },
  '--active-limit',
  '0',
)

describeFourApis('an idempotency key at the limit', (four) => {
  it.each(four.all)('replays in $name what was issued before', async (api) => {
    const post = (value: string) =>
      api.call('POST', api.facts.list, { json: { name: 'Once', scopes: [] }, ...key(value) })
    const first = await post('before')
    const filled = await Promise.all(Array.from({ length: 30 }, (_, index) => post(`other-${index}`)))
    expect(filled.at(-1)?.status).toBe(409)
    expect(await post('before')).toMatchObject({ status: first.status })
    expect((await post('new')).status).toBe(409)
  })
})
