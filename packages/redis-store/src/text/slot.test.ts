import { describe, expect, it } from 'vitest'
import { slotOf } from './slot.ts'

describe('slotOf', () => {
  it.each([
    ['123456789', 0x31c3],
    ['foo', 12_182],
    ['', 0],
  ])('is what CLUSTER KEYSLOT says of %j', (tag, slot) => {
    expect(slotOf(tag)).toBe(slot)
  })
})
