import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'

const HOUR = 3_600_000
const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'] }

describe('an edit of expiry and networks', () => {
  it('holds for the next verification, and uses do not move the expiry', async () => {
    const { tokens, clock } = openTokens({ expiry: { slidingMs: HOUR, maxMs: 10 * HOUR } })
    const { secret, token } = await tokens.issue(REQUEST)
    await tokens.verify(secret)
    const expiresAt = new Date(NOW + HOUR / 2)
    const edited = await tokens.edit('acme', token.id, { expiresAt, networks: ['192.0.2.7', '10.0.0.0/8'] })
    expect(edited.token).toMatchObject({ expiresAt, networks: ['192.0.2.7/32', '10.0.0.0/8'] })
    await tokens.flush()
    expect(await tokens.verify(secret, { ip: '10.1.2.3' })).toMatchObject({ ok: true })
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'network_not_allowed' })
    clock.now = NOW + HOUR / 2
    expect(await tokens.verify(secret, { ip: '10.1.2.3' })).toEqual({ ok: false, reason: 'expired' })
  })

  it('gives a token more time and more networks again, within the rules', async () => {
    const { tokens } = openTokens({ expiry: { defaultMs: HOUR, maxMs: 10 * HOUR } })
    const { secret, token } = await tokens.issue({ ...REQUEST, networks: ['10.0.0.0/8'] })
    const expiresAt = new Date(NOW + 10 * HOUR)
    await tokens.edit('acme', token.id, { expiresAt, networks: null })
    expect(await tokens.verify(secret)).toMatchObject({ ok: true, token: { expiresAt, networks: null } })
    const later = { expiresAt: new Date(NOW + 10 * HOUR + 1) }
    const refused = { code: 'invalid_parameter', details: { parameter: 'expiresAt' } }
    for (const request of [later, { expiresAt: null }])
      await expect(tokens.edit('acme', token.id, request)).rejects.toMatchObject(refused)
  })

  it('adds nothing for a token to one that ends later, or that is bound to other networks', async () => {
    const { tokens } = openTokens({ scopes: ['admin', 'jobs:read'] })
    const [eternal, bound] = [await tokens.issue(REQUEST), await tokens.issue({ ...REQUEST, networks: ['10.0.0.0/8'] })]
    const own = { expiresAt: new Date(NOW + HOUR), networks: ['192.0.2.7'] }
    const { token: actor } = await tokens.issue({ ...REQUEST, scopes: ['admin', 'jobs:read'], ...own })
    const by = { actor: { id: actor.id, ip: '192.0.2.7' } }
    const widen = (id: string, request: object) => tokens.edit('acme', id, request, by)
    const beyond = { code: 'beyond_ceiling', details: { parameter: 'networks' } }
    await expect(widen(eternal.token.id, { scopes: ['admin'] })).rejects.toMatchObject(beyond)
    await tokens.edit('acme', eternal.token.id, { networks: ['192.0.2.7'] })
    const later = { code: 'beyond_ceiling', details: { parameter: 'expiresAt' } }
    await expect(widen(eternal.token.id, { scopes: ['admin'] })).rejects.toMatchObject(later)
    await expect(widen(bound.token.id, { networks: null })).rejects.toMatchObject(beyond)
    await tokens.edit('acme', eternal.token.id, { expiresAt: own.expiresAt })
    await expect(widen(eternal.token.id, { scopes: ['admin'] })).resolves.toMatchObject({ replayed: false })
    const some = { expiresAt: new Date(NOW + HOUR + 1) }
    await expect(widen(eternal.token.id, some)).rejects.toMatchObject({ code: 'invalid_parameter' })
  })

  it('lets a token that edits itself only give up', async () => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue({ ...REQUEST, expiresAt: new Date(NOW + HOUR), networks: ['10.0.0.0/8'] })
    const by = { actor: { id: token.id, ip: '10.1.2.3' } }
    for (const request of [{ expiresAt: new Date(NOW + HOUR + 1) }, { expiresAt: null }, { networks: null }])
      await expect(tokens.edit('acme', token.id, request, by)).rejects.toMatchObject({ code: 'beyond_ceiling' })
    const less = { expiresAt: new Date(NOW + 5), networks: ['10.1.0.0/16'] }
    await expect(tokens.edit('acme', token.id, less, by)).resolves.toMatchObject({ token: less })
  })

  it('is another request with another expiry or other networks under the same key', async () => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    const key = { idempotencyKey: 'edit-1' }
    const expiresAt = new Date(NOW + HOUR)
    await tokens.edit('acme', token.id, { expiresAt }, key)
    await expect(tokens.edit('acme', token.id, { expiresAt }, key)).resolves.toMatchObject({ replayed: true })
    for (const other of [{}, { expiresAt: null }, { expiresAt, networks: null }, { expiresAt, networks: ['::1'] }])
      await expect(tokens.edit('acme', token.id, other, key)).rejects.toMatchObject({ code: 'idempotency_conflict' })
  })

  it.each<[object, string]>([
    [{ expiresAt: new Date('tomorrow') }, 'expiresAt'],
    [{ expiresAt: 5 }, 'expiresAt'],
    [{ expiresAt: new Date(NOW) }, 'expiresAt'],
    [{ networks: [] }, 'networks'],
    [{ networks: ['10.1.2.3/8'] }, 'networks'],
    [{ networks: '10.0.0.0/8' }, 'networks'],
    [{ expiryCeiling: new Date('tomorrow') }, 'expiryCeiling'],
    [{ networkCeiling: [] }, 'networkCeiling'],
  ])('refuses %j', async (request, parameter) => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    const refused = { code: 'invalid_parameter', details: { parameter } }
    await expect(tokens.edit('acme', token.id, request)).rejects.toMatchObject(refused)
    expect(await tokens.get('acme', token.id)).toEqual(token)
  })
})
