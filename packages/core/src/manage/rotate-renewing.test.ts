import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'

const DAY = 24 * 60 * 60 * 1000
const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'] }
const MAX_90 = { expiry: { defaultMs: 90 * DAY, maxMs: 90 * DAY } }

describe('rotation under the rules of today', () => {
  it('does not let a token escape the longest lifetime by rotating itself', async () => {
    for (const expiry of [MAX_90.expiry, { slidingMs: 30 * DAY, maxMs: 90 * DAY }]) {
      const { tokens, clock } = openTokens({ expiry })
      let { secret } = await tokens.issue(REQUEST)
      for (let day = 10; day < 90; day += 10) {
        clock.now = NOW + day * DAY
        const rotated = await tokens.rotateSecret(secret)
        secret = rotated?.secret ?? expect.fail()
        expect(await tokens.verify(secret)).toMatchObject({ ok: true })
        await tokens.flush()
      }
      clock.now = NOW + 90 * DAY
      expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'expired' })
      expect(await tokens.rotateSecret(secret)).toBeNull()
    }
  })

  it('gives a person on day 89 of 90 a new term if they ask for one, and else the day that is left', async () => {
    const { tokens, clock } = openTokens(MAX_90)
    const [some, other] = [await tokens.issue(REQUEST), await tokens.issue(REQUEST)]
    clock.now = NOW + 89 * DAY
    const kept = await tokens.rotate('acme', some.token.id)
    expect(kept.token.expiresAt).toEqual(new Date(NOW + 90 * DAY))
    const expiresAt = new Date(clock.now + 90 * DAY)
    const renewed = await tokens.rotate('acme', other.token.id, { expiresAt })
    expect(renewed.token.expiresAt).toEqual(expiresAt)
    clock.now += 89 * DAY
    const again = await tokens.rotateSecret(renewed.secret)
    expect(again?.token.expiresAt).toEqual(expiresAt)
  })

  it('gives the holder of a secret no later expiry, and an earlier one that no use moves', async () => {
    const { tokens, clock } = openTokens({ expiry: { slidingMs: 30 * DAY, maxMs: 90 * DAY } })
    const { secret } = await tokens.issue(REQUEST)
    const details = { parameter: 'expiresAt', right: `at most ${new Date(NOW + 30 * DAY).toISOString()}` }
    await expect(tokens.rotateSecret(secret, { expiresAt: new Date(NOW + 31 * DAY) })).rejects.toMatchObject({
      code: 'invalid_parameter',
      details,
    })
    const expiresAt = new Date(NOW + DAY)
    const rotated = await tokens.rotateSecret(secret, { expiresAt })
    clock.now = NOW + DAY - 1
    expect(await tokens.verify(rotated?.secret)).toMatchObject({ ok: true })
    await tokens.flush()
    expect(await tokens.get('acme', rotated?.token.id ?? '')).toMatchObject({ expiresAt })
  })

  it('goes by rules that are newer than the token', async () => {
    const store = memoryStore()
    const former = openTokens({ store, scopes: ['jobs:read', 'old:read'] })
    const scopes = ['jobs:read', 'old:read']
    const [some, old] = [await former.tokens.issue({ ...REQUEST, scopes }), await former.tokens.issue(REQUEST)]
    const { tokens, clock } = openTokens({ store, scopes: ['jobs:read'], ...MAX_90 })
    clock.now = NOW + DAY
    const { token } = await tokens.rotate('acme', some.token.id)
    expect(token).toMatchObject({ scopes: ['jobs:read'], expiresAt: new Date(NOW + 90 * DAY) })
    clock.now = NOW + 900 * DAY
    for (const rotate of [() => tokens.rotateSecret(old.secret), () => tokens.rotate('acme', old.token.id)])
      await expect(rotate()).rejects.toMatchObject({ code: 'invalid_transition' })
    expect(await tokens.verify(old.secret)).toMatchObject({ ok: true })
    const expiresAt = new Date(clock.now + 90 * DAY)
    await expect(tokens.rotate('acme', old.token.id, { expiresAt })).resolves.toMatchObject({ token: { expiresAt } })
  })

  it('takes another expiry for another request, and answers the same one also once that has passed', async () => {
    const { tokens, clock } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    const [expiresAt, idempotencyKey] = [new Date(NOW + DAY), 'rotate-1']
    const { token: successor } = await tokens.rotate('acme', token.id, { expiresAt, idempotencyKey })
    await expect(tokens.rotate('acme', token.id, { idempotencyKey })).rejects.toMatchObject({
      code: 'idempotency_conflict',
    })
    clock.now = NOW + DAY - 1
    const again = await tokens.rotate('acme', token.id, { expiresAt, idempotencyKey })
    expect(again).toMatchObject({ replayed: true, token: { id: successor.id } })
  })

  it.each([new Date(NOW), new Date(Number.NaN), '2030-01-01T00:00:00Z', 5])('refuses the expiry %s', async (wrong) => {
    const { tokens } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    const expiresAt = wrong as Date
    const refused = { code: 'invalid_parameter', details: { parameter: 'expiresAt' } }
    await expect(tokens.rotate('acme', token.id, { expiresAt })).rejects.toMatchObject(refused)
    await expect(tokens.rotateSecret(secret, { expiresAt })).rejects.toMatchObject(refused)
    expect(await tokens.get('acme', token.id)).toMatchObject({ rotatedTo: null })
  })
})
