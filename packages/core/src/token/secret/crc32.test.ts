import { crc32 as zlibCrc32 } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from './crc32.ts'

describe('crc32', () => {
  it('is what zlib has it to be', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcb_f4_39_26)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(crc32(bytes)).toBe(zlibCrc32(bytes))
      }),
    )
  })

  it('reads no byte from the end on', () => {
    expect(crc32(Buffer.from('123456789abc'), 9)).toBe(0xcb_f4_39_26)
  })
})
