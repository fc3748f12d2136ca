import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'

const DAY = 86_400_000
const REQUEST = { owner: 'acme', name: 'ci', scopes: [] }

describe('pruneTokens', () => {
  it('removes what ended more than keepMs ago, and answers how many', async () => {
    const { tokens, clock } = openTokens()
    const live = await tokens.issue(REQUEST)
    const revoked = await tokens.issue(REQUEST)
    const expired = await tokens.issue({ ...REQUEST, expiresAt: new Date(NOW + 10) })
    await tokens.revoke('acme', revoked.token.id)
    clock.now = NOW + 1000
    expect(await tokens.prune({ keepMs: 1000 })).toBe(0)
    clock.now = NOW + 1001
    expect(await tokens.prune({ keepMs: 1000 })).toBe(1)
    clock.now = NOW + 1011
    expect(await tokens.prune({ keepMs: 1000 })).toBe(1)
    expect(await tokens.prune({ keepMs: 0 })).toBe(0)
    expect(await tokens.verify(revoked.secret)).toEqual({ ok: false, reason: 'unknown' })
    expect(await tokens.get('acme', expired.token.id)).toBeNull()
    expect(await tokens.verify(live.secret)).toMatchObject({ ok: true })
  })

  it('keeps them for 30 days by default', async () => {
    const { tokens, watched } = openTokens()
    await tokens.prune()
    expect(watched.calls).toEqual([
      { method: 'prune', args: [{ prefixes: ['ot_pat'], now: NOW, endedBefore: NOW - 30 * DAY }] },
    ])
  })

  it('removes nothing where all of the time is kept', async () => {
    const { tokens, watched } = openTokens({ now: () => 5 })
    await tokens.prune()
    expect(watched.calls).toEqual([{ method: 'prune', args: [{ prefixes: ['ot_pat'], now: 5, endedBefore: 0 }] }])
  })

  it('publishes how many and up to when, if there was any', async () => {
    const published: unknown[] = []
    const { tokens, clock } = openTokens({ onEvent: (event) => published.push(event) })
    const { token } = await tokens.issue(REQUEST)
    await tokens.revoke('acme', token.id)
    await tokens.close()
    published.length = 0
    clock.now = NOW + 20
    await tokens.prune({ keepMs: 5, by: 'ada' })
    await tokens.prune({ keepMs: 5 })
    await tokens.close()
    expect(published).toMatchObject([
      { type: 'pruned', by: 'ada', at: new Date(NOW + 20), count: 1, before: new Date(NOW + 15) },
    ])
  })

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses to keep for %s', async (keepMs) => {
    const { tokens, watched } = openTokens()
    await expect(tokens.prune({ keepMs })).rejects.toMatchObject({
      code: 'invalid_parameter',
      details: { parameter: 'keepMs', right: 'a whole number of milliseconds, 0 to 3,153,600,000,000' },
    })
    expect(watched.calls).toEqual([])
  })

  it('rejects when the store did not confirm', async () => {
    const { tokens, watched } = openTokens()
    watched.failure = new Error('down')
    await expect(tokens.prune()).rejects.toMatchObject({ name: 'StoreError', cause: watched.failure })
  })
})
