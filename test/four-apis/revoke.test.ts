import { describe, expect, it, vi } from 'vitest'
import type { ApiUnderTest, WireRecord } from '../support/four-apis/api-under-test.ts'
import { describeFourApis } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'
import type { ApiName } from '../support/four-apis/wire.ts'

/** What revoking changes in a record, where the API shows it at all. */
const CHANGED: Readonly<Record<ApiName, readonly string[]>> = {
  plain: ['status', 'revokedAt'],
  paged: ['status'],
  offset: ['status', 'updated_at'],
  cursor: [],
}

/** How long it takes until another revocation would show a later time; `paged` and `cursor` show none. */
const PRECISION_MS: Readonly<Record<ApiName, number>> = { plain: 1, paged: 0, offset: 1_000, cursor: 0 }

const without = (record: WireRecord, keys: readonly string[]): object =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)))

const revokes = (api: ApiUnderTest, id: string, count: number): Promise<WireRecord[]> =>
  Promise.all(Array.from({ length: count }, () => api.revoke(id)))

describeFourApis(
  'DELETE on one token',
  (four) => {
    describe.each(four.all)('of $name', (api) => {
      it('answers 200 with the record, which no cache may keep', async () => {
        const { record } = await api.issue()
        const answer = await api.call('DELETE', api.item(record.id))
        expect(answer.status).toBe(200)
        expect(answer.headers.get('cache-control')).toBe('no-store')
        const status = api.name === 'offset' ? { status: 'success' } : {}
        const after = await api.get(record.id)
        expect(JSON.parse(answer.body)).toEqual({ ...status, [api.wire.names.record]: after })
        if (api.name !== 'cursor') expect(after).toMatchObject({ status: 'revoked' })
      })

      it('takes effect at once', async () => {
        const { secret, record } = await api.issue()
        expect(await api.statusOf(secret)).toBe(200)
        await api.revoke(record.id)
        expectFault(await api.call('GET', api.facts.protected, { secret }), api, 'badToken')
        expectFault(await api.call('GET', api.facts.list, { secret }), api, 'badToken')
      })

      it('changes nothing else', async () => {
        const { record } = await api.issue()
        const after = await api.revoke(record.id)
        const fields = CHANGED[api.name]
        expect(without(after, fields)).toEqual(without(record, fields))
      })

      it('answers again with the first revocation', async () => {
        const { record } = await api.issue()
        const first = await api.revoke(record.id)
        const later = Date.now() + PRECISION_MS[api.name]
        await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(later), { timeout: 2_000, interval: 5 })
        expect(await api.revoke(record.id)).toEqual(first)
      })

      it('agrees with other revocations of the same moment on one', async () => {
        const { record } = await api.issue()
        const records = await revokes(api, record.id, 30)
        expect(new Set(records.map((each) => JSON.stringify(each))).size).toBe(1)
      })

      it('may revoke the token that it is called with', async () => {
        const { secret, record } = await api.issue()
        expect(await api.revoke(record.id, { secret })).toMatchObject({ id: record.id })
        expectFault(await api.call('DELETE', api.item(record.id), { secret }), api, 'badToken')
      })

      it('cannot be undone by any request', async () => {
        const { secret, record } = await api.issue()
        await api.revoke(record.id)
        const json = { status: 'active', revokedAt: null }
        for (const method of ['PUT', 'POST']) {
          expectFault(await api.call(method, api.item(record.id), { json }), api, 'methodNotAllowed')
        }
        expectFault(await api.call('PATCH', api.item(record.id), { json }), api, 'badParameter')
        expectFault(await api.call('PATCH', api.item(record.id), { json: { name: 'A' } }), api, 'illegalTransition')
        for (const action of ['resume', 'suspend', 'rotate']) {
          expectFault(await api.call('POST', `${api.item(record.id)}/${action}`), api, 'illegalTransition')
        }
        expect(await api.statusOf(secret)).toBe(401)
      })
    })

    it.each(['plain', 'paged', 'offset'] as const)('%s revokes an expired and a suspended token', async (name) => {
      const api = four.apis[name]
      for (const { id } of [api.facts.tokens.expired, api.facts.tokens.suspended]) {
        expect(await api.revoke(id)).toMatchObject({ status: 'revoked' })
      }
    })

    it('cursor lists a token no more once it is revoked, and still answers it by id', async () => {
      const api = four.apis.cursor
      const { id } = api.facts.tokens.expired
      expect((await api.list()).map((record) => record.id)).toContain(id)
      await api.revoke(id)
      expect((await api.list()).map((record) => record.id)).not.toContain(id)
      expect(await api.get(id)).toMatchObject({ id })
    })

    it('wins against uses that are still being recorded', async () => {
      const race = async (api: ApiUnderTest) => {
        const { secret, record } = await api.issue()
        await Promise.all([...Array.from({ length: 20 }, () => api.statusOf(secret)), api.revoke(record.id)])
        const lastUse = async () => (await api.get(record.id))[api.wire.names.lastUse]
        await vi.waitFor(async () => expect(await lastUse()).not.toBeNull(), { timeout: 10_000, interval: 100 })
        expect(await api.statusOf(secret)).toBe(401)
      }
      await Promise.all(four.all.map(race))
    }, 15_000)

    it('plain shows when, between the request and its answer', async () => {
      const { record } = await four.apis.plain.issue()
      const before = Date.now()
      const { revokedAt } = await four.apis.plain.revoke(record.id)
      expect(Date.parse(String(revokedAt))).toBeGreaterThanOrEqual(before)
      expect(Date.parse(String(revokedAt))).toBeLessThanOrEqual(Date.now())
    })
  },
  '--active-limit',
  '0',
)
