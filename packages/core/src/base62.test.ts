import { describe, expect, it } from 'vitest'
import { BASE62, base62 } from './base62.ts'

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
