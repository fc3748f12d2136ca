import { describe, expect, it } from 'vitest'
import { accessScopesRule } from './access-scopes.ts'

describe('accessScopesRule', () => {
  it.each([[{ read: ['a:b'] }], [{ write: ['a:b', 'c:d'] }], [{ read: ['a:b'], write: ['a:b'] }]])(
    'takes %o',
    (scopes) => {
      expect(accessScopesRule.test(scopes)).toBe(true)
    },
  )

  it.each([
    [null],
    ['a:b'],
    [['a:b']],
    [{}],
    [{ reed: ['a:b'] }],
    [{ read: ['a:b'], write: [] }],
    [{ read: 'a:b' }],
    [{ read: undefined }],
  ])('refuses %o, which may leave a route open', (scopes) => {
    expect(accessScopesRule.test(scopes)).toBe(false)
  })
})
