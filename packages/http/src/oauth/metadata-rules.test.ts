import { describe, expect, it } from 'vitest'
import { listOf, pageRule, scopesRule } from './metadata-rules.ts'

describe('pageRule', () => {
  it('takes any page of the web', () => {
    for (const page of ['https://docs.example.com/api?v=1#tokens', 'http://docs.example.com'])
      expect(pageRule.test(page)).toBe(true)
    for (const page of ['docs', 'javascript:alert(1)', 'https://', null]) expect(pageRule.test(page)).toBe(false)
  })
})

describe('listOf', () => {
  it('takes a list of right values that is not empty', () => {
    const { right, test } = listOf({ right: 'a text', test: (value) => typeof value === 'string' })
    expect(right).toBe('a list that is not empty, each a text')
    expect(test(['a', 'b'])).toBe(true)
    for (const value of [[], ['a', 1], 'a', null, { length: 1, 0: 'a' }]) expect(test(value)).toBe(false)
  })

  it('is what scopes are', () => {
    expect(scopesRule.test(['jobs:read'])).toBe(true)
    for (const scopes of [[], ['jobs read'], ['']]) expect(scopesRule.test(scopes)).toBe(false)
  })
})
