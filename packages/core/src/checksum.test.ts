import { crc32 } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checksum } from './checksum.ts'

describe('checksum', () => {
  it('is the CRC-32 of zlib (check value of "123456789")', () => {
    expect(checksum('123456789')).toBe(0xcbf43926)
    expect(checksum('')).toBe(0)
  })

  it('agrees with zlib on any ASCII text, and on any part before an end', () => {
    const ascii = fc.string({ unit: fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)) })
    fc.assert(
      fc.property(ascii, fc.nat(), (text, number) => {
        const end = text === '' ? 0 : number % text.length
        expect(checksum(text)).toBe(crc32(text))
        expect(checksum(text, end)).toBe(crc32(text.slice(0, end)))
      }),
    )
  })
})
