import { describe, expect, it } from 'vitest'
import { parseJson } from '../support/four-apis/answer.ts'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'

const DAY_MS = 24 * 60 * 60 * 1000

describeInMemory(
  'POST on the tokens',
  (four) => {
    describe.each(four.all)('of $name', (api) => {
      const scope = api.wire.scopes[0]
      const post = (json: unknown) => api.call('POST', api.facts.list, { json })

      it('answers 201 with the record in its envelope and, this once, the secret', async () => {
        const answer = await post({ name: 'CI', scopes: [scope] })
        expect(answer.status).toBe(201)
        expect(answer.headers.get('cache-control')).toBe('no-store')
        const { secret, ...body } = parseJson<{ secret: string }>(answer)
        const record = api.recordIn(answer)
        const status = api.name === 'offset' ? { status: 'success' } : {}
        expect(body).toEqual({ ...status, [api.wire.names.record]: record })
        expect(secret).toMatch(api.wire.secret)
        expect(Object.keys(record).toSorted()).toEqual(api.wire.keys.toSorted())
        expect(await api.get(record.id)).toEqual(record)
        expect((await api.call('GET', api.item(record.id))).body).not.toContain(secret)
      })

      it('issues a token that works at once, with the scopes asked for and no others', async () => {
        const { secret } = await api.issue({ scopes: [scope] })
        expect(await api.statusOf(secret)).toBe(200)
        const none = await api.issue({ scopes: [] })
        expect(await api.statusOf(none.secret)).toBe(403)
      })

      it("issues to the caller's own account", async () => {
        const { otherOwner } = api.facts.tokens
        const { record } = await api.issue()
        const path = `${otherOwner.list ?? api.facts.list}/${record.id}`
        expectFault(await api.call('GET', path, { secret: otherOwner.secret }), api, 'notFound', {
          details: { tokenId: record.id },
        })
      })

      it.each(['owner', 'ownerId', 'userId', 'account_id', 'org_id', 'organizationId'])(
        'refuses a body that names an owner as %s',
        async (field) => {
          const answer = await post({ name: 'CI', scopes: [], [field]: api.facts.owner })
          expectFault(answer, api, 'badParameter', { field })
        },
      )

      it('refuses a field that it does not know, without repeating it', async () => {
        const { secret } = api.facts.tokens.valid
        const answer = await post({ name: 'CI', scopes: [], [secret]: 1 })
        expectFault(answer, api, 'badParameter')
        expect(answer.raw).not.toContain(secret)
      })

      it.each(['name', 'scopes'])('refuses a body without %s', async (field) => {
        const answer = await post({ name: 'CI', scopes: [], [field]: undefined })
        expectFault(answer, api, 'missingField', { field })
      })

      it.each(['x', 'Ж'.repeat(255), '😀'.repeat(255), '"<script>%_*\\'])('takes the name %j', async (name) => {
        const answer = await post({ name, scopes: [] })
        expect(answer.status).toBe(201)
        if (api.name !== 'offset') expect(api.recordIn(answer)).toMatchObject({ name })
      })

      it.each(['', 'x'.repeat(256), 'a\nb', 'a\u0000', '\u007f', '\u0085', '\ud800', 'a\udfff', 1, null, ['x'], {}])(
        'refuses the name %j',
        async (name) => {
          expectFault(await post({ name, scopes: [] }), api, 'badParameter', { field: 'name' })
        },
      )

      it.each([['no:such'], ['*'], [''], [null], [['tokens:read']], 'tokens:read', { 0: 'tokens:read' }, null])(
        'refuses the scopes %j',
        async (scopes) => {
          const answer = await post({ name: 'CI', scopes })
          expectFault(answer, api, 'badParameter', { field: 'scopes' })
        },
      )

      it('refuses more than a hundred scopes', async () => {
        const answer = await post({ name: 'CI', scopes: Array.from({ length: 101 }, () => scope) })
        expectFault(answer, api, 'badParameter', { field: 'scopes' })
      })

      it('counts a scope given twice once', async () => {
        const answer = await post({ name: 'CI', scopes: [scope, scope] })
        expect(answer.status).toBe(201)
        if (api.name !== 'offset') expect(api.recordIn(answer)).toMatchObject({ scopes: [scope] })
      })

      it('refuses a scope that the caller does not hold with 403', async () => {
        const { secret } = await api.issue({ scopes: ['tokens:read', 'tokens:write'] })
        const json = { name: 'CI', scopes: ['tokens:read', scope] }
        const answer = await api.call('POST', api.facts.list, { secret, json })
        expectFault(answer, api, 'insufficientScope', { scopes: [scope] })
      })

      it('takes an expiry and shows it cut off at the precision of the API', async () => {
        const at = new Date(Date.now() + DAY_MS).toISOString().replace(/\d\d\.\d{3}Z$/, '59.999Z')
        const { expiry } = api.wire.names
        const shown = api.name === 'plain' ? at : at.replace('.999Z', 'Z')
        expect((await api.issue({ [expiry]: at })).record).toMatchObject({ [expiry]: shown })
        const zoned = at.replace('Z', '+00:00')
        expect((await api.issue({ [expiry]: zoned })).record).toMatchObject({ [expiry]: shown })
      })

      it.each([
        '2020-01-01T00:00:00Z',
        '2030-02-30T00:00:00Z',
        '2030-01-01',
        '2030-01-01T00:00:00',
        '2030-01-01T25:00:00Z',
        'tomorrow',
        '',
        1_900_000_000_000,
        true,
        ['2030-01-01T00:00:00Z'],
      ])('refuses the expiry %j', async (value) => {
        const { expiry: field } = api.wire.names
        expectFault(await post({ name: 'CI', scopes: [], [field]: value }), api, 'badParameter', { field })
      })

      it('does not know the name that other APIs give to the expiry', async () => {
        const foreign = api.name === 'plain' ? 'expires_at' : 'expiresAt'
        const answer = await post({ name: 'CI', scopes: [], [foreign]: '2030-01-01T00:00:00Z' })
        expectFault(answer, api, 'badParameter')
      })
    })

    it.each(['plain', 'paged', 'cursor'] as const)('%s issues without an expiry when asked for none', async (name) => {
      const { expiry } = four.apis[name].wire.names
      expect((await four.apis[name].issue()).record).toMatchObject({ [expiry]: null })
      expect((await four.apis[name].issue({ [expiry]: null })).record).toMatchObject({ [expiry]: null })
    })

    it('offset issues for a year when no expiry is given, and refuses to issue without one', async () => {
      const api = four.apis.offset
      const { record } = await api.issue()
      const year = Date.parse(String(record['expires_at'])) - Date.parse(String(record['inserted_at']))
      expect(year).toBe(365 * DAY_MS)
      const answer = await api.call('POST', api.facts.list, { json: { name: 'CI', scopes: [], expires_at: null } })
      expectFault(answer, api, 'badParameter')
    })
  },
  '--active-limit',
  '0',
)
