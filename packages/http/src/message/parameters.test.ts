import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from '../../testing/any-text.ts'
import { readChoice, readIdempotencyKey, readInteger, readText } from './parameters.ts'

const query = (text: string) => new URLSearchParams(text)
const wrong = (parameter: string) => expect.objectContaining({ code: 'invalid_parameter', facts: { parameter } })

describe('readText', () => {
  it('reads a parameter, percent-decoded', () => {
    expect(readText(query('name=ci%20deploy+1&page=2'), 'name')).toBe('ci deploy 1')
    expect(readText(query('pagination%5Boffset%5D=3'), 'pagination[offset]')).toBe('3')
  })

  it('distinguishes a missing parameter from an empty one', () => {
    expect(readText(query('page=2'), 'name')).toBeUndefined()
    expect(readText(query('name='), 'name')).toBe('')
    expect(readText(query('name'), 'name')).toBe('')
  })

  it('refuses one that is given twice, also with equal values', () => {
    expect(() => readText(query('name=a&page=2&name=a'), 'name')).toThrow(wrong('name'))
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('reads %s like any other name', (name) => {
    expect(readText(query('page=2'), name)).toBeUndefined()
    expect(readText(query(`${name}=a`), name)).toBe('a')
  })
})

describe('readInteger', () => {
  const perPage = { from: 1, to: 100, default: 25 }

  it('reads decimal digits within the range, both ends included', () => {
    expect(readInteger(query('n=1'), 'n', perPage)).toBe(1)
    expect(readInteger(query('n=100'), 'n', perPage)).toBe(100)
    expect(readInteger(query('n=007'), 'n', perPage)).toBe(7)
  })

  it('has a default for a parameter that is not there', () => {
    expect(readInteger(query('m=1'), 'n', perPage)).toBe(25)
  })

  it.each([
    '0',
    '101',
    '-1',
    '+1',
    '1.0',
    '1e1',
    '0x10',
    ' 1',
    '1 ',
    '',
    'ten',
    '٣',
    '１',
    '²',
    '1,5',
    '99999999999',
    '9'.repeat(10_000),
    'NaN',
    'Infinity',
    'null',
    '[]',
  ])('refuses %j and says what would be right', (text) => {
    expect(() => readInteger(new URLSearchParams({ n: text }), 'n', perPage)).toThrow(wrong('n'))
    expect(() => readInteger(new URLSearchParams({ n: text }), 'n', perPage)).toThrow(
      'n must be an integer from 1 to 100',
    )
  })

  it('refuses one that is given twice', () => {
    expect(() => readInteger(query('n=1&n=1'), 'n', perPage)).toThrow(wrong('n'))
  })

  it('ends at 2147483647 where the range has no end', () => {
    const fromZero = { from: 0, default: 0 }
    expect(readInteger(query('n=0'), 'n', fromZero)).toBe(0)
    expect(readInteger(query('n=2147483647'), 'n', fromZero)).toBe(2_147_483_647)
    expect(() => readInteger(query('n=2147483648'), 'n', fromZero)).toThrow(wrong('n'))
  })

  it('takes nothing but what it writes back, leading zeros aside', () => {
    const texts = fc.oneof(anyText, fc.integer().map(String), fc.double().map(String))
    fc.assert(
      fc.property(texts, (text) => {
        const isRight = /^[0-9]{1,10}$/.test(text) && Number(text) >= 1 && Number(text) <= 100
        const read = () => readInteger(new URLSearchParams({ n: text }), 'n', perPage)
        if (isRight) expect(read()).toBe(Number(text))
        else expect(read).toThrow(wrong('n'))
      }),
    )
  })
})

describe('readChoice', () => {
  const directions = ['asc', 'desc'] as const

  it('reads one of the choices', () => {
    expect(readChoice(query('d=desc'), 'd', directions)).toBe('desc')
    expect(readChoice(query(''), 'd', directions)).toBeUndefined()
  })

  it.each(['', 'ASC', 'asc ', 'up', '__proto__', 'asc,desc', '0'])('refuses %j and names the choices', (text) => {
    expect(() => readChoice(new URLSearchParams({ d: text }), 'd', directions)).toThrow(wrong('d'))
    expect(() => readChoice(new URLSearchParams({ d: text }), 'd', directions)).toThrow('d must be one of asc, desc')
  })

  it('refuses one that is given twice', () => {
    expect(() => readChoice(query('d=asc&d=asc'), 'd', directions)).toThrow(wrong('d'))
  })
})

describe('readIdempotencyKey', () => {
  const fromHeader = (...keys: string[]) => ({ headers: { 'idempotency-key': keys }, query: 'idempotency_key=q' })

  it('reads the header', () => {
    expect(readIdempotencyKey(fromHeader('h'), undefined)).toBe('h')
  })

  it('reads the query parameter where the API has one', () => {
    expect(readIdempotencyKey({ headers: {}, query: 'idempotency_key=q' }, 'idempotency_key')).toBe('q')
    expect(readIdempotencyKey({ headers: {}, query: 'idempotency_key=q' }, undefined)).toBeUndefined()
    expect(readIdempotencyKey({ headers: {}, query: '' }, 'idempotency_key')).toBeUndefined()
  })

  it('hands on an empty key, which is wrong and not the same as none', () => {
    expect(readIdempotencyKey(fromHeader(''), undefined)).toBe('')
  })

  it('refuses more than one, wherever they are and also when they are equal', () => {
    const refused = expect.objectContaining({ code: 'invalid_request' })
    expect(() => readIdempotencyKey(fromHeader('h', 'h'), undefined)).toThrow(refused)
    expect(() => readIdempotencyKey(fromHeader('q'), 'idempotency_key')).toThrow(refused)
    const twice = { headers: {}, query: 'idempotency_key=q&idempotency_key=r' }
    expect(() => readIdempotencyKey(twice, 'idempotency_key')).toThrow(refused)
  })
})
