import { describe, expect, it } from 'vitest'
import { requestOf } from '../../testing/request.ts'
import { readForm, requireParameter } from './read-form.ts'

const headers = { 'content-type': ['application/x-www-form-urlencoded'] }
const read = (body: unknown) => readForm(requestOf({ method: 'POST', headers, body }))

describe('readForm', () => {
  it.each<[string, unknown]>([
    ['text', 'a=1+%C3%BC&b=&a=2'],
    ['bytes', new TextEncoder().encode('a=1+%C3%BC&b=&a=2')],
    ['what a parser of the app made of it', { a: ['1 ü', '2'], b: '' }],
  ])('gives every value of a field, from %s', async (_, body) => {
    const form = await read(body)
    expect(form('a')).toEqual(['1 ü', '2'])
    expect(form('b')).toEqual([''])
    expect(form('c')).toEqual([])
    expect(form('__proto__')).toEqual([])
  })

  it('holds nothing where there is no body', async () => {
    expect((await read(undefined))('a')).toEqual([])
  })

  it('refuses every other media type', async () => {
    const request = requestOf({ method: 'POST', json: { a: '1' } })
    await expect(readForm(request)).rejects.toMatchObject({ code: 'unsupported_media_type' })
  })
})

describe('requireParameter', () => {
  it('gives the one value', async () => {
    expect(requireParameter(await read('a=1&b=2'), 'a')).toBe('1')
  })

  it.each(['', 'a=', 'a=1&a=1', 'a=1&a='])('refuses %j (RFC 6749 §3.2)', async (body) => {
    const form = await read(body)
    expect(() => requireParameter(form, 'a')).toThrow('a must be given once')
  })
})
