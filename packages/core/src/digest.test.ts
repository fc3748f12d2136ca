import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDigests, digestSecret, isPepper, isPepperRing } from './digest.ts'

const OLD = 'the former pepper, 32 characters and more'
const NEW = 'the current pepper, 32 characters and more'

describe('digestSecret', () => {
  it('is the SHA-256 in base64url (FIPS 180-4, "abc")', () => {
    expect(digestSecret('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
  })

  it('is the HMAC-SHA-256 in base64url under a pepper (RFC 4231 §4.7)', () => {
    const pepper = new Uint8Array(131).fill(0xaa)
    const text = 'Test Using Larger Than Block-Size Key - Hash Key First'
    expect(digestSecret(text, pepper)).toBe('YOQxWR7gtn8Niiaqy_W3f44LxiE3KMUUBUYEDw7jf1Q')
  })

  it('reads a pepper of text as UTF-8', () => {
    const pepper = 'a pepper of at least 32 characters, ü'
    expect(digestSecret('abc', pepper)).toBe('ZSYHiMeT3meOKU-UrlNRh4dYFVmDcEEC3Ukdad6F1iU')
    expect(digestSecret('abc', new TextEncoder().encode(pepper))).toBe(digestSecret('abc', pepper))
  })

  it('is 43 characters that never show the secret', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), fc.constantFrom(null, OLD), (secret, pepper) => {
        const digest = digestSecret(secret, pepper)
        expect(digest).toMatch(/^[\w-]{43}$/)
        expect(digest).not.toContain(secret)
      }),
    )
  })
})

describe('createDigests', () => {
  it('knows one digest where there is one pepper, or none', () => {
    expect(createDigests(null).all('abc')).toEqual([digestSecret('abc')])
    expect(createDigests(NEW).all('abc')).toEqual([digestSecret('abc', NEW)])
    expect(createDigests({ current: NEW }).all('abc')).toEqual([digestSecret('abc', NEW)])
  })

  it('puts the current digest first, then one for each retired pepper, of which null is the plain one', () => {
    const digests = createDigests({ current: NEW, retired: [OLD, null] })
    expect(digests.current('abc')).toBe(digestSecret('abc', NEW))
    expect(digests.all('abc')).toEqual([digestSecret('abc', NEW), digestSecret('abc', OLD), digestSecret('abc')])
  })

  it('copies a pepper of bytes, so that wiping it later changes nothing', () => {
    const pepper = new Uint8Array(32).fill(7)
    const digests = createDigests(pepper)
    const before = digests.current('abc')
    pepper.fill(0)
    expect(digests.current('abc')).toBe(before)
  })
})

describe('isPepper', () => {
  it('wants at least 32 bytes or characters', () => {
    const right: unknown[] = ['x'.repeat(32), new Uint8Array(32), Buffer.alloc(32)]
    const wrong: unknown[] = [
      'x'.repeat(31),
      new Uint8Array(31),
      '',
      null,
      undefined,
      32,
      Array.from({ length: 32 }),
      {},
    ]
    expect(right.filter((value) => !isPepper(value))).toEqual([])
    expect(wrong.filter((value) => isPepper(value))).toEqual([])
  })
})

describe('isPepperRing', () => {
  it('wants a current pepper, and retired ones of which some may be null', () => {
    const right: unknown[] = [{ current: NEW }, { current: NEW, retired: [] }, { current: NEW, retired: [OLD, null] }]
    const wrong: unknown[] = [
      {},
      null,
      NEW,
      { current: 'short' },
      { current: null },
      { current: NEW, retired: OLD },
      { current: NEW, retired: ['short'] },
      { retired: [OLD] },
    ]
    expect(right.filter((value) => !isPepperRing(value))).toEqual([])
    expect(wrong.filter((value) => isPepperRing(value))).toEqual([])
  })
})
