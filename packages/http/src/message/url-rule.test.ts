import { describe, expect, it } from 'vitest'
import { isTamperProof, normalizeUrl, urlRule } from './url-rule.ts'

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
      'escapes that are not normal',
      ['https://a.example/%c3%bc', 'https://a.example/%7Euser', 'https://a.example/%2e%2e/b', 'https://a.example/%41'],
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

describe('normalizeUrl', () => {
  it.each([
    ['HTTPS://API.Example.com:443', 'https://api.example.com/'],
    ['https://api.example.com/a/./b/../c', 'https://api.example.com/a/c'],
    ['https://api.example.com/%7euser/%c3%bc%2f', 'https://api.example.com/~user/%C3%BC%2F'],
    ['https://api.example.com/v1?a=%2f', 'https://api.example.com/v1?a=%2F'],
    ['urn:Example:a%2fb', 'urn:Example:a%2Fb'],
    ['no URL', 'no URL'],
  ])('writes %s as %s (RFC 3986 §6.2.2)', (url, normal) => {
    expect(normalizeUrl(url)).toBe(normal)
    expect(normalizeUrl(normal)).toBe(normal)
  })
})

describe('isTamperProof', () => {
  it('holds for https, and for http on a loopback address', () => {
    const urls = ['https://a.example/keys?v=1', 'http://127.0.0.1:3000/', 'http://[::1]/', 'http://LOCALHOST/']
    for (const url of urls) expect(isTamperProof(new URL(url)), url).toBe(true)
  })

  it('does not hold for anything else', () => {
    const urls = ['http://a.example/', 'http://10.0.0.1/', 'http://localhost.a.example/', 'file:///keys', 'data:,a']
    for (const url of urls) expect(isTamperProof(new URL(url)), url).toBe(false)
  })
})
