import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { covers, coversAny, createSharedScopes, grantsOf, isScope, missingScopes } from './scope.ts'

// Few letters, so that granted and required ones often meet.
const scopes = fc.stringMatching(/^[ab](?::[ab*]){0,2}$/)
const scopeLists = fc.array(scopes, { maxLength: 5 })

/** The naive reading: character by character, where a final star may stand for any rest. */
function modelHolds(granted: readonly string[], scope: string, wildcards: boolean): boolean {
  return granted.some((own) => {
    const wide = wildcards && own.at(-1) === '*' && own.at(-2) === ':'
    const fixed = wide ? [...own].slice(0, -1) : [...own]
    return fixed.every((character, at) => scope[at] === character) && (wide || scope.length === own.length)
  })
}

describe('isScope', () => {
  it.each(['jobs:read', 'a', '*', 'jobs:*', '!', '~', '#', '[', ']', 'x'.repeat(128)])('accepts %s', (text) => {
    expect(isScope(text)).toBe(true)
  })

  it.each(['', ' ', 'jobs read', '"', '\\', 'a\n', '\x7f', '\0', 'é', 'x'.repeat(129)])(
    'refuses %j (RFC 6749 §3.3)',
    (text) => {
      expect(isScope(text)).toBe(false)
    },
  )
})

describe('covers', () => {
  it('holds when all that is required is granted', () => {
    expect(covers(['jobs:read', 'jobs:write'], ['jobs:write', 'jobs:read'])).toBe(true)
    expect(covers(['jobs:read'], ['jobs:read', 'jobs:write'])).toBe(false)
  })

  it('holds when nothing is required', () => {
    expect(covers([], [])).toBe(true)
  })

  it('compares exactly: neither case, prefixes nor stars count', () => {
    expect(covers(['jobs:read'], ['Jobs:read'])).toBe(false)
    expect(covers(['jobs'], ['jobs:read'])).toBe(false)
    expect(covers(['jobs:*'], ['jobs:read'])).toBe(false)
    expect(covers(['*'], ['jobs:read'])).toBe(false)
  })

  it('lets jobs:* cover what starts with jobs: where wildcards are on', () => {
    const rules = { wildcards: true }
    expect(covers(['jobs:*'], ['jobs:read', 'jobs:read:own', 'jobs:*'], rules)).toBe(true)
    expect(covers(['jobs:*'], ['jobs'], rules)).toBe(false)
    expect(covers(['jobs:*'], ['jobsx:read'], rules)).toBe(false)
    expect(covers(['jobs:read'], ['jobs:*'], rules)).toBe(false)
    expect(covers(['*', 'jobs*', 'jobs:r*'], ['jobs:read'], rules)).toBe(false)
  })

  it('throws where a text stands for the list of scopes, and finds nothing in it', () => {
    const text = 'jobs:readonly' as unknown as string[]
    expect(() => covers(text, ['jobs:read'])).toThrow(TypeError)
    expect(() => covers(['jobs:read'], text)).toThrow(TypeError)
  })

  it('agrees with the naive model', () => {
    fc.assert(
      fc.property(scopeLists, scopeLists, fc.boolean(), (granted, required, wildcards) => {
        const expected = required.every((scope) => modelHolds(granted, scope, wildcards))
        expect(covers(granted, required, { wildcards })).toBe(expected)
      }),
      { numRuns: 2000 },
    )
  })

  it('never takes back what it granted when more is granted', () => {
    fc.assert(
      fc.property(scopeLists, scopeLists, scopeLists, fc.boolean(), (granted, more, required, wildcards) => {
        fc.pre(covers(granted, required, { wildcards }))
        expect(covers([...granted, ...more], required, { wildcards })).toBe(true)
      }),
    )
  })
})

describe('coversAny', () => {
  it('holds when one alternative is granted', () => {
    expect(coversAny(['jobs:read'], ['jobs:write', 'jobs:read'])).toBe(true)
    expect(coversAny(['jobs:read'], ['jobs:write'])).toBe(false)
  })

  it('does not hold without an alternative', () => {
    expect(coversAny(['jobs:read'], [])).toBe(false)
  })

  it('agrees with the naive model', () => {
    fc.assert(
      fc.property(scopeLists, scopeLists, fc.boolean(), (granted, alternatives, wildcards) => {
        const expected = alternatives.some((scope) => modelHolds(granted, scope, wildcards))
        expect(coversAny(granted, alternatives, { wildcards })).toBe(expected)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('missingScopes', () => {
  it('names what is not granted, in the order in which it is required', () => {
    expect(missingScopes(['b'], ['c', 'b', 'a'])).toEqual(['c', 'a'])
    expect(missingScopes(['jobs:*'], ['jobs:read', 'tokens:read'], { wildcards: true })).toEqual(['tokens:read'])
  })

  it('is empty exactly when all is covered', () => {
    fc.assert(
      fc.property(scopeLists, scopeLists, fc.boolean(), (granted, required, wildcards) => {
        const missing = missingScopes(granted, required, { wildcards })
        expect(missing.length === 0).toBe(covers(granted, required, { wildcards }))
      }),
    )
  })
})

describe('grantsOf', () => {
  it('names the scopes that hold a scope: itself, and the wildcards over it', () => {
    expect(grantsOf('jobs:read')).toEqual(['jobs:read'])
    expect(grantsOf('jobs:read', { wildcards: true })).toEqual(['jobs:read', 'jobs:*'])
    expect(grantsOf('a:b:c', { wildcards: true })).toEqual(['a:b:c', 'a:*', 'a:b:*'])
    expect(grantsOf('a:*', { wildcards: true })).toEqual(['a:*'])
  })

  it('holds one of a token exactly if the token covers the scope', () => {
    fc.assert(
      fc.property(scopeLists, scopes, fc.boolean(), (granted, scope, wildcards) => {
        const grants = grantsOf(scope, { wildcards })
        expect(granted.some((each) => grants.includes(each))).toBe(covers(granted, [scope], { wildcards }))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('createSharedScopes', () => {
  it('gives equal lists as one that nobody can write to, and leaves the lists of callers alone', () => {
    const share = createSharedScopes()
    const own = ['jobs:read', 'keys:read']
    const list = share(own)
    expect(list).toEqual(['jobs:read', 'keys:read'])
    expect(share(['jobs:read', 'keys:read'])).toBe(list)
    expect([Object.isFrozen(list), Object.isFrozen(own)]).toEqual([true, false])
  })

  it('keeps lists apart that read alike', () => {
    const share = createSharedScopes()
    const alike = [['a b', 'c'], ['a', 'b c'], ['a', 'b', 'c'], ['a b c'], [], [''], ['b', 'a'], ['ab']]
    for (const scopes of [...alike, ...alike]) expect(share(scopes)).toEqual(scopes)
  })

  it('remembers no more than 1,000 lists, and none that is long', () => {
    const share = createSharedScopes()
    const long = ['x'.repeat(1_001)]
    expect(share(long)).not.toBe(share(long))
    const first = share(['scope:0'])
    for (let number = 1; number < 1_000; number += 1) share([`scope:${number}`])
    expect(share(['scope:0'])).toBe(first)
    share(['one:more'])
    expect(share(['scope:0'])).not.toBe(first)
  })
})
