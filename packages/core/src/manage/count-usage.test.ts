import { describe, expect, it } from 'vitest'
import { openTokens } from '../../testing/open-tokens.ts'

const CI = { owner: 'acme', name: 'CI', scopes: [] }

describe('usage', () => {
  it('is zero for an owner without tokens, and comes with the limit', async () => {
    expect(await openTokens().tokens.usage('acme')).toEqual({ active: 0, limit: 25 })
    expect(await openTokens({ activeLimit: 3 }).tokens.usage('acme')).toEqual({ active: 0, limit: 3 })
  })

  it('counts what issue counts: active and suspended tokens, and of a rotated one the successor', async () => {
    const { tokens, clock } = openTokens({ activeLimit: null })
    const [suspended, revoked, rotated] = [await tokens.issue(CI), await tokens.issue(CI), await tokens.issue(CI)]
    await tokens.issue({ ...CI, expiresAt: new Date(clock.now + 1_000) })
    await tokens.issue({ ...CI, owner: 'other' })
    expect(await tokens.usage('acme')).toEqual({ active: 4, limit: null })
    await tokens.suspend('acme', suspended.token.id)
    await tokens.rotate('acme', rotated.token.id)
    expect(await tokens.usage('acme')).toEqual({ active: 4, limit: null })
    await tokens.revoke('acme', revoked.token.id)
    expect(await tokens.usage('acme')).toEqual({ active: 3, limit: null })
    clock.now += 1_000
    expect(await tokens.usage('acme')).toEqual({ active: 2, limit: null })
  })

  it('counts the tokens of this API alone, those of retired prefixes included', async () => {
    const { tokens, watched } = openTokens()
    await tokens.issue(CI)
    const other = openTokens({ store: watched.store, prefix: 'ot_other' }).tokens
    await other.issue(CI)
    await other.issue(CI)
    expect([await tokens.usage('acme'), await other.usage('acme')]).toMatchObject([{ active: 1 }, { active: 2 }])
    const renamed = openTokens({ store: watched.store, prefix: 'ot_new', retiredPrefixes: ['ot_pat'] }).tokens
    await renamed.issue(CI)
    expect(await renamed.usage('acme')).toEqual({ active: 2, limit: 25 })
  })

  it('never exceeds the limit while 300 are issued at once, and is exact at the end', async () => {
    const { tokens } = openTokens()
    const issuing = Array.from({ length: 300 }, () => tokens.issue(CI).catch(() => null))
    const counts = issuing.map(async () => (await tokens.usage('acme')).active)
    await Promise.all(issuing)
    expect(Math.max(...(await Promise.all(counts)))).toBeLessThanOrEqual(25)
    expect(await tokens.usage('acme')).toEqual({ active: 25, limit: 25 })
  })

  it('is one call of the store, which writes nothing', async () => {
    const { tokens, watched } = openTokens()
    await tokens.usage('acme')
    expect(watched.calls).toMatchObject([
      { method: 'change', args: ['acme', { ids: [], key: null, readOnly: true }, {}] },
    ])
  })

  it('refuses what is no owner', async () => {
    const { tokens, watched } = openTokens()
    await expect(tokens.usage('')).rejects.toMatchObject({ details: { parameter: 'owner' } })
    expect(watched.calls).toEqual([])
  })

  it('fails with a StoreError that names it', async () => {
    const { tokens, watched } = openTokens()
    watched.failure = new Error('down')
    await expect(tokens.usage('acme')).rejects.toThrow('the token store failed to count active tokens: down')
  })
})
