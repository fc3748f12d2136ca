import { describe, expect, it } from 'vitest'
import { BASE62 } from './base62.ts'
import { randomString } from './random.ts'

const BYTES = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('')

describe('randomString', () => {
  it('has exactly the length asked for', () => {
    for (const length of [0, 1, 40, 1000]) expect(randomString(BASE62, length)).toHaveLength(length)
  })

  it.each([
    ['base62', BASE62],
    ['lower-case letters and digits', 'abcdefghijklmnopqrstuvwxyz0123456789'],
    ['Crockford base32', '0123456789abcdefghjkmnpqrstvwxyz'],
    ['three characters', 'abc'],
    ['all 256 bytes', BYTES],
  ])('draws each character equally often: %s', (_, alphabet) => {
    const counts = new Map([...alphabet].map((character) => [character, 0]))
    const drawn = 200_000
    for (const character of randomString(alphabet, drawn)) counts.set(character, (counts.get(character) ?? 0) + 1)

    expect(counts.size).toBe(alphabet.length)
    const expected = drawn / alphabet.length
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // Of `freedom` degrees, chi-square has mean `freedom` and deviation √(2 × freedom): an even source passes but once
    // in more than a million runs, while taking bytes modulo 62 gives over 1,000.
    const freedom = alphabet.length - 1
    expect(chiSquare).toBeLessThan(freedom + 8 * Math.sqrt(2 * freedom) + 16)
  })
})
