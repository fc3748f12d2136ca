import { describe, expect, it } from 'vitest'
import { originOf } from './request-context.ts'

describe('originOf', () => {
  it('takes an address, and a name of at most 128 characters', () => {
    const context = { ip: '2001:db8::1', requestId: 'é'.repeat(128) }
    expect(originOf(context)).toEqual(context)
    expect(originOf({ requestId: '😀'.repeat(200) })).toEqual({ ip: null, requestId: '😀'.repeat(128) })
    expect(originOf({ requestId: `${'a'.repeat(128)}\n` }).requestId).toBe('a'.repeat(128))
  })

  it.each([undefined, null, '', 'localhost', '192.0.2.7, 198.51.100.1', '1'.repeat(1_000_000), 7])(
    'leaves out what is no address: %#',
    (ip) => {
      expect(originOf({ ip: ip as string }).ip).toBeNull()
    },
  )

  it.each([undefined, null, '', 'a\nb', 'a\u0000', '\ud800', 7, {}])(
    'leaves out what is no line of text: %#',
    (name) => {
      expect(originOf({ requestId: name as string }).requestId).toBeNull()
    },
  )
})
