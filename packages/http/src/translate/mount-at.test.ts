import { describe, expect, it } from 'vitest'
import { mountAt } from './mount-at.ts'

describe('mountAt', () => {
  it.each([
    ['/', '/', { mount: '', path: '/', params: {} }],
    ['/', '/a/b', { mount: '', path: '/a/b', params: {} }],
    ['/tokens', '/tokens', { mount: '/tokens', path: '/', params: {} }],
    ['/tokens/', '/tokens/', { mount: '/tokens', path: '/', params: {} }],
    ['/v1/tokens', '/v1/tokens/a%2Fb/rotate', { mount: '/v1/tokens', path: '/a%2Fb/rotate', params: {} }],
    ['/orgs/:orgID/t', '/orgs/a%20b/t/1', { mount: '/orgs/a%20b/t', path: '/1', params: { orgID: 'a b' } }],
    ['/:org', '/%zz', { mount: '/%zz', path: '/', params: { org: '%zz' } }],
    ['/%C3%BC', '/%C3%BC', { mount: '/%C3%BC', path: '/', params: {} }],
    ['/tokens', '/tokens//a', { mount: '/tokens', path: '//a', params: {} }],
  ])('%s takes %s', (pattern, pathname, mounted) => {
    expect(mountAt(pattern)(pathname)).toEqual(mounted)
  })

  it.each([
    ['/tokens', '/'],
    ['/tokens', '/tokensx'],
    ['/tokens', '//tokens'],
    ['/tokens', '/Tokens'],
    ['/tokens', 'tokens'],
    ['/tokens', ''],
    ['/a/b', '/a'],
    ['/a/b', '/a/%62'],
    ['/orgs/:orgID', '/orgs/'],
    ['/orgs/:orgID', '/orgs//x'],
  ])('%s leaves %s to others', (pattern, pathname) => {
    expect(mountAt(pattern)(pathname)).toBeNull()
  })

  it('keeps __proto__ an ordinary name', () => {
    expect(Object.entries(mountAt('/:__proto__')('/a')?.params ?? {})).toEqual([['__proto__', 'a']])
  })

  it.each(['', 'tokens', '/a//b', '/:a/:a', '/*', '/{:a}', '/:a?', '/:', '/a?b', 7, undefined])(
    'refuses the pattern %j',
    (pattern) => {
      expect(() => mountAt(pattern as string)).toThrow(/^mountAt: give a path such as/)
    },
  )
})
