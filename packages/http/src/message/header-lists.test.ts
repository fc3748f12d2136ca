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
