import { describe, expect, it } from 'vitest'
import { createSharedScopes } from './shared-scopes.ts'

describe('createSharedScopes', () => {
  it('gives equal lists as one that nobody can write to', () => {
    const share = createSharedScopes()
    const list = share(['jobs:read', 'keys:read'])
    expect(list).toEqual(['jobs:read', 'keys:read'])
    expect(share(['jobs:read', 'keys:read'])).toBe(list)
    expect(Object.isFrozen(list)).toBe(true)
  })

  it('keeps lists apart that read alike', () => {
    const share = createSharedScopes()
    for (const scopes of [[], [''], ['a', 'b'], ['a\nb'], ['b', 'a'], ['ab']]) expect(share(scopes)).toEqual(scopes)
    expect(share(['a\nb'])).toEqual(['a\nb'])
  })

  it('remembers no more than 1,000 lists, and none that is long', () => {
    const share = createSharedScopes()
    const long = ['x'.repeat(1_001)]
    expect(share(long)).toBe(long)
    for (let number = 0; number < 1_000; number += 1) share([`scope:${number}`])
    const last = ['one:more']
    expect(share(last)).toBe(last)
    expect(share(['scope:999'])).toBe(share(['scope:999']))
  })
})
