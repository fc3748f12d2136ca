import { describe, expect, it } from 'vitest'
import { listOf, pageRule, scopesRule, urlRule } from './metadata-rules.ts'

describe('urlRule', () => {
  it.each([
    'https://api.example.com',
    'https://api.example.com/',
    'https://api.example.com:8443/v1/tenant',
    'https://api.example.com/v1/',
    'https://api.example.com/%C3%BC',
    'http://127.0.0.1:3000',
    'http://127.1.2.3/v1',
    'http://[::1]:3000/v1',
    'http://localhost:3000',
  ])('takes %s', (url) => {
    expect(urlRule.test(url)).toBe(true)
  })

  it.each([
    ['no URL', ['', 'api.example.com', '/v1', 7, null, new URL('https://api.example.com')]],
    ['http elsewhere', ['http://api.example.com', 'http://127.0.0.1.example.com', 'http://localhost.example.com']],
    ['another scheme', ['ftp://api.example.com', 'javascript:alert(1)', 'data:text/plain,a', 'file:///a']],
    [
      'a query or a fragment',
      ['https://a.example/?b', 'https://a.example/?', 'https://a.example/#', 'https://a.example#b'],
    ],
    ['credentials', ['https://user@a.example/', 'https://user:word@a.example']],
    [
      'an unusual form',
      ['https://A.example', 'HTTPS://a.example', 'https://a.example:443', 'https://a.example/b/../c'],
    ],
    [
      'characters to encode',
      ['https://a.example/"', 'https://a.example/ü', 'https://a.example/a b', ' https://a.example'],
    ],
    ['characters that are read as others', ['https://a.example\\b', 'https://a.example/a\n', 'http://127.1']],
  ])('refuses %s', (_, values) => {
    for (const value of values) expect(urlRule.test(value), String(value)).toBe(false)
  })
})

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
