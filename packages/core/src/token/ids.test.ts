import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText, prefixes } from '../../testing/arbitraries.ts'
import { prefixedIds, timeOrderedIds, uuidIds } from './ids.ts'
import { digestSecret } from './secret/digest.ts'
import { preview } from './secret/preview.ts'
import { generateSecret } from './secret/secret.ts'

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

describe.each([
  ['uuidIds', uuidIds],
  ['prefixedIds', prefixedIds('tok')],
  ['timeOrderedIds', timeOrderedIds],
])('%s', (_, ids) => {
  it('never gives the same id twice, and knows each as its own', () => {
    const made = Array.from({ length: 20_000 }, () => ids.generate(NOW))
    expect(new Set(made).size).toBe(20_000)
    expect(made.filter((id) => !ids.matches(id))).toEqual([])
  })

  it('matches no secret, preview or digest', () => {
    fc.assert(
      fc.property(prefixes, (prefix) => {
        const secret = generateSecret(prefix, '9G')
        expect([secret, preview(secret), digestSecret(secret)].filter((text) => ids.matches(text))).toEqual([])
      }),
    )
    expect(ids.matches(generateSecret('tok_live', '9G'))).toBe(false)
  })

  it('matches nothing that is longer, shorter, in upper case or another text', () => {
    const id = ids.generate(NOW)
    const near = [
      `${id}0`,
      `0${id}`,
      id.slice(1),
      id.slice(0, -1),
      `${id}\n`,
      ` ${id}`,
      `A${id.slice(1)}`,
      '',
      '__proto__',
    ]
    expect(near.filter((text) => ids.matches(text))).toEqual([])
    fc.assert(
      fc.property(anyText(40), (text) => {
        expect(ids.matches(text)).toBe(false)
      }),
    )
  })
})

describe('uuidIds', () => {
  it('makes lower-case random UUIDs (RFC 9562 version 4)', () => {
    expect(uuidIds.generate(NOW)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})

describe('prefixedIds', () => {
  it('makes the prefix, an underscore and 24 of [a-z0-9]', () => {
    expect(prefixedIds('tok').generate(NOW)).toMatch(/^tok_[a-z0-9]{24}$/)
  })

  it('does not match the ids of another prefix', () => {
    expect(prefixedIds('tok').matches(prefixedIds('key').generate(NOW))).toBe(false)
  })

  it.each(['', 'T', '1a', 'tok_live', '.*', 'x'.repeat(33)])('refuses the prefix %j', (prefix) => {
    expect(() => prefixedIds(prefix)).toThrow(new TypeError('prefixedIds: prefix must match [a-z][a-z0-9]{0,31}'))
  })
})

describe('timeOrderedIds', () => {
  it('makes 32 lower-case Crockford base32 characters', () => {
    expect(timeOrderedIds.generate(NOW)).toMatch(/^[0-9abcdefghjkmnpqrstvwxyz]{32}$/)
  })

  it('writes the creation time into the first 10', () => {
    const times = [0, 31, 32, NOW].map((at) => timeOrderedIds.generate(at).slice(0, 10))
    expect(times).toEqual(['0000000000', '000000000z', '0000000010', '01kdyak3se'])
  })

  it('sorts by creation', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat().map((n) => n % 2 ** 50),
        fc.maxSafeNat().map((n) => n % 2 ** 50),
        (a, b) => {
          fc.pre(a < b)
          expect(timeOrderedIds.generate(a) < timeOrderedIds.generate(b)).toBe(true)
        },
      ),
    )
  })

  it('never matches i, l, o and u, which Crockford leaves out', () => {
    const id = timeOrderedIds.generate(NOW)
    expect(['i', 'l', 'o', 'u'].filter((letter) => timeOrderedIds.matches(letter + id.slice(1)))).toEqual([])
  })
})
