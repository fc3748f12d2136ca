import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BASE62, base62, isBase62, readBase62 } from './base62.ts'

describe('base62', () => {
  it('writes the most significant digit first', () => {
    expect(base62(62 * 62 + 2 * 62 + 61, 3)).toBe('12z')
  })

  it('pads with zeros to the width', () => {
    expect(base62(0, 6)).toBe('000000')
    expect(base62(61, 2)).toBe('0z')
  })

  it('holds every CRC-32 in six digits', () => {
    expect(base62(0xff_ff_ff_ff, 6)).toBe('4gfFC3')
  })

  it('sorts as its numbers do', () => {
    expect([...BASE62].sort().join('')).toBe(BASE62)
  })
})

describe('readBase62', () => {
  it('reads what base62 writes', () => {
    fc.assert(
      fc.property(fc.nat(62 ** 5), (value) => {
        expect(readBase62(Buffer.from(`-${base62(value, 6)}-`), 1, 7)).toBe(value)
      }),
    )
  })

  it('is NaN where a character is no digit', () => {
    expect(readBase62(Buffer.from('00-000'), 0, 6)).toBeNaN()
    expect(readBase62(Buffer.from('0'), 0, 2)).toBeNaN()
  })
})

describe('isBase62', () => {
  it('accepts the 62 digits only', () => {
    const digits = Array.from({ length: 256 }, (_, code) => code).filter((code) => isBase62(Uint8Array.of(code), 0, 1))
    expect(String.fromCharCode(...digits)).toBe(BASE62)
  })
})
