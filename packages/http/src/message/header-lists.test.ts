import { describe, expect, it } from 'vitest'
import { headerLists } from './header-lists.ts'

describe('headerLists', () => {
  it.each<[string, Parameters<typeof headerLists>[0]]>([
    ['texts', { authorization: 'Bearer a', host: 'example.com' }],
    ['texts under names in another case', { Authorization: 'Bearer a', HOST: 'example.com' }],
    ['lists', { authorization: ['Bearer a'], host: ['example.com'] }],
    ['texts and lists', { authorization: 'Bearer a', host: ['example.com'], origin: undefined }],
    ['Headers of the web', new Headers({ Authorization: 'Bearer a', Host: 'example.com' })],
  ])('reads %s', (_form, headers) => {
    const { authorization, host, origin } = headerLists(headers)
    expect([authorization, host, origin]).toEqual([['Bearer a'], ['example.com'], undefined])
  })

  it('hands on what an adapter gives as it is', () => {
    const headers = { authorization: ['Bearer a'] }
    expect(headerLists(headers)).toBe(headers)
  })

  it('overlooks no value, in whatever case its name is', () => {
    expect(headerLists({ authorization: ['Bearer a'], Authorization: 'Bearer b' })).toEqual({
      authorization: ['Bearer a', 'Bearer b'],
    })
    const proto = JSON.parse('{"__proto__":"x","host":"example.com"}') as Record<string, string>
    expect(Object.entries(headerLists(proto))).toEqual([
      ['__proto__', ['x']],
      ['host', ['example.com']],
    ])
  })

  const joined = (...values: readonly string[]) => {
    const headers = new Headers()
    for (const value of values) headers.append('authorization', value)
    return headerLists(headers).authorization
  }

  it.each([
    [['Basic YTpi', 'Bearer a']],
    [['Basic YTpi', 'bearer']],
    [['Bearer', 'Bearer a']],
    [['', 'Bearer a']],
    [['Digest a="1, 2", b=3', 'Bearer a']],
    [['Digest a="1', 'Bearer a']],
    [['Negotiate', 'Bearer a']],
  ])('tells two Authorization of web Headers apart: %j', (values) => {
    expect(joined(...values)).toHaveLength(2)
    expect(headerLists({ authorization: values.join(', ') }).authorization).toHaveLength(1)
  })

  it('tells them apart that were joined with a semicolon, as behind a load balancer', () => {
    expect(joined('Basic YTpi; Bearer a')).toEqual(['Basic YTpi', 'Bearer a'])
    expect(joined('Digest a="1; Bearer 2", b=3')).toHaveLength(1)
  })

  it.each([
    'Basic YTpi',
    'Digest a="1, Bearer 2", b=3 , c = "\\"", d=4',
    'AWS4 A=b/c,S=d;e, F=f',
    'Bearer a, Bearer b',
  ])('takes one Authorization with commas for one: %s', (value) => expect(joined(value)).toEqual([value]))

  it('reads a long Authorization in linear time', () => {
    const started = performance.now()
    for (const part of ['a', 'a=', '"', 'a="', ' ', ',', '; ', '\\"', 'a=b,'])
      joined(`Digest ${part.repeat(50_000)}, x`)
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'headers must be those of the request'],
    ['a text', 'Bearer a', 'headers must be those of the request'],
    [
      'the whole request',
      { method: 'GET', headers: { authorization: 'Bearer a' } },
      'headers must be those of the requ',
    ],
    ['a number', { 'content-length': 7 }, 'headers: the value of "content-length" must be a text, or a list of texts'],
    ['a list of others', { Host: [7] }, 'headers: the value of "Host" must be a text, or a list of texts'],
  ])('refuses %s, and names what is right', (_form, headers, message) => {
    expect(() => headerLists(headers as never)).toThrow(TypeError)
    expect(() => headerLists(headers as never)).toThrow(message)
  })
})
