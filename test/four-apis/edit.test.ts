import { describe, expect, it, vi } from 'vitest'
import { describeFourApis } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'

describeFourApis(
  'PATCH on one token',
  (four) => {
    describe.each(four.all)('of $name', (api) => {
      const [scope, ...others] = api.wire.scopes
      const patch = (id: string, json: unknown) => api.call('PATCH', api.item(id), { json })

      it('answers 200 with the record, which changed in nothing else', async () => {
        const { record } = await api.issue()
        const after = await api.edit(record.id, { name: 'Renamed' })
        expect(after).toEqual(await api.get(record.id))
        const shown = api.name === 'offset' ? {} : { name: 'Renamed' }
        const { updated_at } = after
        expect(after).toEqual({ ...record, ...shown, ...(api.name === 'offset' && { updated_at }) })
      })

      it('takes scopes away at once', async () => {
        const { secret, record } = await api.issue()
        expect(await api.statusOf(secret)).toBe(200)
        const after = await api.edit(record.id, { scopes: others })
        if (api.name !== 'offset') expect(after).toMatchObject({ scopes: others })
        const answer = await api.call('GET', api.facts.protected, { secret })
        expectFault(answer, api, 'insufficientScope', { scopes: [scope] })
      })

      it('adds scopes that the caller holds, and no others', async () => {
        const { secret, record } = await api.issue({ scopes: [] })
        const limited = await api.issue({ scopes: ['tokens:read', 'tokens:write'] })
        const json = { scopes: [scope] }
        const answer = await api.call('PATCH', api.item(record.id), { secret: limited.secret, json })
        expectFault(answer, api, 'insufficientScope', { scopes: [scope] })
        expect(await api.statusOf(secret)).toBe(403)
        await api.edit(record.id, json)
        expect(await api.statusOf(secret)).toBe(200)
      })

      it('only takes scopes away from the token that it is called with', async () => {
        const { secret, record } = await api.issue()
        await api.edit(record.id, { scopes: ['tokens:write'] }, { secret })
        const answer = await api.call('PATCH', api.item(record.id), { secret, json: { scopes: api.wire.scopes } })
        const missing = api.wire.scopes.filter((each) => each !== 'tokens:write')
        expectFault(answer, api, 'insufficientScope', { scopes: missing })
      })

      it('has nothing to change without a field', async () => {
        expectFault(await patch(api.facts.tokens.spare.id, {}), api, 'missingField')
      })

      it.each(['', 'x'.repeat(256), 'a\nb', '\ud800', 1, null])('refuses the name %j', async (name) => {
        expectFault(await patch(api.facts.tokens.spare.id, { name }), api, 'badParameter', { field: 'name' })
      })

      it.each([['no:such'], 'tokens:read', [1], null])('refuses the scopes %j', async (scopes) => {
        expectFault(await patch(api.facts.tokens.spare.id, { scopes }), api, 'badParameter', { field: 'scopes' })
      })

      it('moves the expiry, and binds to networks', async () => {
        const { secret, record } = await api.issue()
        const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
        await api.edit(record.id, { [api.wire.names.expiry]: expiresAt })
        expect(await api.statusOf(secret)).toBe(200)
        await api.edit(record.id, { networks: ['192.0.2.7'] })
        expect(await api.statusOf(secret)).toBe(401)
      })

      it('gives a token no more time than the caller has', async () => {
        const { record } = await api.issue()
        const at = (ms: number) => ({ [api.wire.names.expiry]: new Date(Date.now() + ms).toISOString() })
        const limited = await api.issue(at(3_600_000))
        await api.edit(record.id, at(60_000))
        const answer = await api.call('PATCH', api.item(record.id), { secret: limited.secret, json: at(7_200_000) })
        expect(answer.status).toBe(api.name === 'offset' ? 200 : 403)
      })

      it.each(['id', 'status', 'revokedAt', 'constructor'])(
        'refuses the field %s, which cannot be changed',
        async (field) => {
          expectFault(await patch(api.facts.tokens.spare.id, { name: 'A', [field]: null }), api, 'badParameter')
        },
      )

      it('refuses an expiry under the name of another API', async () => {
        const other = api.wire.names.expiry === 'expires_at' ? 'expiresAt' : 'expires_at'
        expectFault(await patch(api.facts.tokens.spare.id, { name: 'A', [other]: null }), api, 'badParameter')
      })

      it('refuses a body that names an owner', async () => {
        const answer = await patch(api.facts.tokens.spare.id, { name: 'A', owner: api.facts.owner })
        expectFault(answer, api, 'badParameter', { field: 'owner' })
      })
    })

    it('moves updated_at in offset, as suspending and resuming do', async () => {
      const api = four.apis.offset
      const { record } = await api.issue()
      const changes = [
        () => api.edit(record.id, { name: 'A' }),
        () => api.suspend(record.id),
        () => api.resume(record.id),
      ]
      let last = Date.parse(String(record['updated_at']))
      for (const change of changes) {
        await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(last + 1_000), { timeout: 2_500, interval: 20 })
        const { updated_at } = await change()
        expect(Date.parse(String(updated_at))).toBeGreaterThan(last)
        last = Date.parse(String(updated_at))
      }
    }, 10_000)
  },
  '--active-limit',
  '0',
)
