import { createTokens } from '@tessera/core'
import type { ScopeOf, Tokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { authenticate } from './authenticate.ts'
import { requireAnyScope, requireScopes } from './require-scopes.ts'

const store = memoryStore()
const tokens = createTokens({ store, prefix: 'ot_pat', scopes: ['jobs:read', 'jobs:write'] })
type Scope = ScopeOf<typeof tokens>
const CI = { owner: 'acme', name: 'CI' }

describe('the catalogue of createTokens', () => {
  it('lets no slip compile, and none pass', async () => {
    expectTypeOf<Scope>().toEqualTypeOf<'jobs:read' | 'jobs:write'>()
    const { secret, token } = await tokens.issue({ ...CI, scopes: ['jobs:read'] })
    await expect(tokens.authenticate(secret, { scopes: ['jobs:read'] })).resolves.toMatchObject({ id: token.id })
    // @ts-expect-error: no such scope
    await expect(tokens.issue({ ...CI, scopes: ['jobs:raed'] })).rejects.toThrow('scopes')
    // @ts-expect-error: no such scope
    await expect(tokens.edit('acme', token.id, { scopes: ['jobs:raed'] })).rejects.toThrow('scopes')
    // @ts-expect-error: no such scope
    await expect(tokens.authenticate(secret, { anyScope: ['jobs:raed'] })).resolves.toBeNull()
    // @ts-expect-error: no such scope
    authenticate(tokens, { scopes: ['jobs:raed'] })
    authenticate(tokens, { scopes: ['jobs:read'], anyScope: ['jobs:write'] })
    // @ts-expect-error: no such scope
    requireScopes<Scope>('jobs:read', 'jobs:raed')
    // @ts-expect-error: no such scope
    requireAnyScope<Scope>('jobs:raed')
    requireScopes<Scope>('jobs:read')
  })

  it('is any text if it is left out, not written in place, or has a wildcard', () => {
    const open = createTokens({ store, prefix: 'a' })
    const listed: string[] = ['jobs:read']
    const variable = createTokens({ store, prefix: 'b', scopes: listed })
    const wide = createTokens({ store, prefix: 'c', wildcards: true, scopes: ['jobs:*', 'admin'] })
    expectTypeOf<ScopeOf<typeof open>>().toEqualTypeOf<string>()
    expectTypeOf<ScopeOf<typeof variable>>().toEqualTypeOf<string>()
    expectTypeOf<ScopeOf<typeof wide>>().toEqualTypeOf<string>()
    for (const each of [open, variable, wide]) authenticate(each, { scopes: ['jobs:raed'] })
    requireScopes('jobs:raed')
  })

  it('is no hindrance where any tokens are taken', () => {
    const anyTokens: Tokens = tokens
    authenticate(anyTokens, { scopes: ['jobs:raed'] })
    expect(anyTokens).toBe(tokens)
  })
})
