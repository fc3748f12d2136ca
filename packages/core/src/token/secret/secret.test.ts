import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText, prefixes } from '../../../testing/arbitraries.ts'
import { BASE62 } from './base62.ts'
import { generateSecret, isPrefix, parseSecret, secretPattern, shardOf } from './secret.ts'

const SECRET = 'ot_pat_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdG00NahHx'

const AWKWARD_PREFIXES = [
  'a',
  'a_',
  'a__',
  'a___',
  'ot',
  'ot_',
  'ot_pat',
  'ot_pat_',
  'tok_live',
  'x'.repeat(32),
  'y_'.repeat(16),
]

describe('isPrefix', () => {
  it.each(AWKWARD_PREFIXES)('accepts %s', (text) => {
    expect(isPrefix(text)).toBe(true)
  })

  it.each(['', '_a', '1a', 'Ot', 'ot-pat', 'ot pat', 'ot\n', 'ö', 'x'.repeat(33)])('refuses %j', (text) => {
    expect(isPrefix(text)).toBe(false)
  })
})

describe('shardOf', () => {
  it.each([
    ['acme', '9G'],
    ['org_01', 'EP'],
    ['a', '9L'],
    ['müller', '9h'],
    ['日本', '7Q'],
    ['🦊', 'D1'],
    ['00000000-0000-4000-8000-000000000000', '8d'],
  ])('puts %s for ever into %s', (owner, shard) => {
    expect(shardOf(owner)).toBe(shard)
  })

  it('spreads owners over 1,024 partitions', () => {
    const shards = new Set(Array.from({ length: 20_000 }, (_, n) => shardOf(`owner-${n}`)))
    expect(shards.size).toBe(1024)
  })
})

describe('generateSecret', () => {
  it('is the prefix, an underscore and 48 base62 characters, of which the shard follows the first 40', () => {
    const secret = generateSecret('ot_pat', '9G')
    expect(secret).toMatch(/^ot_pat_[0-9A-Za-z]{48}$/)
    expect(secret.slice(-8, -6)).toBe('9G')
  })

  it('draws every base62 character at every position of the body', () => {
    const seen = Array.from({ length: 40 }, () => new Set<string>())
    for (let n = 0; n < 4000; n++) {
      const body = generateSecret('a', '00').slice(2, 42)
      seen.forEach((characters, position) => characters.add(body.charAt(position)))
    }
    expect(seen.map(({ size }) => size)).toEqual(Array.from({ length: 40 }, () => BASE62.length))
  })
})

describe('parseSecret', () => {
  it.each([
    [SECRET, 'ot_pat'],
    ['tok_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdG00kA4Xa', 'tok_live'],
    ['a_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdG00Im7ls', 'a'],
  ])('knows %s by its CRC-32', (secret, prefix) => {
    expect(parseSecret(secret)).toEqual({ prefix, shard: 'G0' })
  })

  it('gives back the prefix and the shard, underscores in the prefix or not', () => {
    fc.assert(
      fc.property(prefixes, anyText(255), (prefix, owner) => {
        const shard = shardOf(owner)
        expect(parseSecret(generateSecret(prefix, shard))).toEqual({ prefix, shard })
      }),
    )
  })

  it('misparses none of 100,000 secrets with 50 prefixes, no two of which are equal', () => {
    const others = fc.sample(
      prefixes.filter((prefix) => !AWKWARD_PREFIXES.includes(prefix)),
      { numRuns: 200, seed: 1 },
    )
    const fifty = [...new Set([...AWKWARD_PREFIXES, ...others])].slice(0, 50)
    expect(fifty).toHaveLength(50)

    const seen = new Set<string>()
    const misparsed: string[] = []
    for (let n = 0; n < 100_000; n++) {
      const prefix = fifty[n % 50] ?? ''
      const shard = shardOf(`owner-${n}`)
      const secret = generateSecret(prefix, shard)
      const parsed = parseSecret(secret)
      if (parsed?.prefix !== prefix || parsed.shard !== shard) misparsed.push(secret)
      seen.add(secret)
    }
    expect(misparsed).toEqual([])
    expect(seen.size).toBe(100_000)
  }, 60_000)

  it('refuses a secret with any one character changed', () => {
    const accepted = positions(SECRET).flatMap((at) =>
      others(SECRET.charAt(at))
        .map((character) => SECRET.slice(0, at) + character + SECRET.slice(at + 1))
        .filter((text) => parseSecret(text) !== null),
    )
    expect(accepted).toEqual([])
  })

  it('refuses a secret with any one character dropped', () => {
    const dropped = positions(SECRET).map((at) => SECRET.slice(0, at) + SECRET.slice(at + 1))
    expect(dropped.filter((text) => parseSecret(text) !== null)).toEqual([])
  })

  it('refuses a secret with any one character added', () => {
    const accepted = [...positions(SECRET), SECRET.length].flatMap((at) =>
      [...BASE62, '_']
        .map((character) => SECRET.slice(0, at) + character + SECRET.slice(at))
        .filter((text) => parseSecret(text) !== null),
    )
    expect(accepted).toEqual([])
  })

  it('refuses a secret with any two different characters swapped', () => {
    const swapped = positions(SECRET).flatMap((a) =>
      positions(SECRET)
        .filter((b) => b > a && SECRET.charAt(b) !== SECRET.charAt(a))
        .map((b) => swap(SECRET, a, b)),
    )
    expect(swapped.length).toBeGreaterThan(1000)
    expect(swapped.filter((text) => parseSecret(text) !== null)).toEqual([])
  })

  it.each([
    ['nothing', ''],
    ['no prefix', SECRET.slice(6)],
    ['only a prefix', 'ot_pat_'],
    ['only a tail', SECRET.slice(7)],
    ['a space before it', ` ${SECRET}`],
    ['a line feed after it', `${SECRET}\n`],
    ['an upper-case prefix', SECRET.replace('ot_pat', 'OT_PAT')],
    ['another separator', SECRET.replace('pat_', 'pat-')],
    ['letters that only look alike', SECRET.replace('A', 'Α')],
    ['full-width digits', SECRET.replace('0', '０')],
    ['two secrets', SECRET + SECRET],
  ])('refuses %s', (_, text) => {
    expect(parseSecret(text)).toBeNull()
  })

  it('refuses a shard that no owner has, also under a right checksum', () => {
    expect(parseSecret(generateSecret('ot_pat', 'GV'))).toEqual({ prefix: 'ot_pat', shard: 'GV' })
    expect(parseSecret(generateSecret('ot_pat', 'GW'))).toBeNull()
    expect(parseSecret(generateSecret('ot_pat', 'zz'))).toBeNull()
  })

  it('refuses other characters and lengths, also under a right checksum', () => {
    expect(parseSecret(generateSecret('ot_pat', '-0'))).toBeNull()
    expect(parseSecret(generateSecret('ot_pat', '0'))).toBeNull()
    expect(parseSecret(generateSecret('ot_pat', '000'))).toBeNull()
    expect(parseSecret(generateSecret('OT_PAT', '00'))).toBeNull()
  })

  it('refuses more characters than the longest secret has before it reads any of them', () => {
    expect(parseSecret(unreadable(82))).toBeNull()
    expect(() => parseSecret(unreadable(81))).toThrow('read')
  })

  it('answers for every text', () => {
    fc.assert(
      fc.property(anyText(600), (text) => {
        expect(parseSecret(text)).toBeNull()
      }),
    )
  })
})

describe('secretPattern', () => {
  const pattern = secretPattern('ot_pat')

  it('needs no look-around, anchors or boundaries, so that every scanner takes it', () => {
    expect(pattern.source).toBe('ot_pat_[0-9A-Za-z]{40}(?:[0-9A-F][0-9A-Za-z]|G[0-9A-V])[0-4][0-9A-Za-z]{5}')
    expect(pattern.flags).toBe('')
  })

  it('finds a secret wherever it stands', () => {
    fc.assert(
      fc.property(prefixes, fc.string(), fc.string(), (prefix, before, after) => {
        const secret = generateSecret(prefix, '9G')
        expect(secretPattern(prefix).exec(before + secret + after)?.[0]).toBe(secret)
      }),
    )
    expect(pattern.exec(`const token=x${SECRET}y`)?.[0]).toBe(SECRET)
    expect(pattern.exec(`{"token":"${SECRET}"}`)?.[0]).toBe(SECRET)
  })

  it('finds every secret of a text', () => {
    const secrets = [generateSecret('ot_pat', '00'), generateSecret('ot_pat', '01'), generateSecret('ot_pat', '02')]
    const found = secrets.join('').matchAll(new RegExp(pattern, 'g'))
    expect([...found].map(([text]) => text)).toEqual(secrets)
  })

  it('finds the first and the last shard, and passes over shards and checksums that there are not', () => {
    for (const shard of ['00', 'GV']) expect(pattern.test(generateSecret('ot_pat', shard))).toBe(true)
    for (const shard of ['GW', 'zz']) expect(pattern.test(generateSecret('ot_pat', shard))).toBe(false)
    expect(pattern.test(`${SECRET.slice(0, -6)}5ahHxx`)).toBe(false)
  })

  it('does not find secrets of another prefix, or shorter texts', () => {
    expect(pattern.test(generateSecret('tok_live', '9G'))).toBe(false)
    expect(pattern.test(SECRET.slice(0, -1))).toBe(false)
  })

  it.each(['ot_pat_', `ot_pat_${'0'.repeat(40)}`, '_', 'ot_pat_0'])(
    'reads a megabyte of %s in linear time',
    (piece) => {
      const text = piece.repeat(1_000_000 / piece.length)
      const startedAt = performance.now()
      expect(pattern.test(text)).toBe(false)
      expect(performance.now() - startedAt).toBeLessThan(1000)
    },
  )

  it('finds secrets of several prefixes, also of those that begin or end alike', () => {
    const several = secretPattern('ot_pat', 'pat', 'ot', 'old_pat')
    for (const prefix of ['ot_pat', 'pat', 'ot', 'old_pat']) {
      const secret = generateSecret(prefix, '9G')
      expect(several.exec(`token=${secret}x`)?.[0]).toBe(secret)
    }
    expect(several.test(generateSecret('tok_live', '9G'))).toBe(false)
    expect(() => secretPattern('ot_pat', '.*')).toThrow(TypeError)
  })

  it('refuses what is no prefix', () => {
    expect(() => secretPattern('.*')).toThrow(new TypeError('secretPattern: prefix must match [a-z][a-z0-9_]{0,31}'))
  })
})

/** Shows its length, and nothing else. */
function unreadable(length: number): string {
  const get = (_: object, property: string): number => {
    if (property === 'length') return length
    throw new Error(`${property} was read`)
  }
  return new Proxy({}, { get }) as unknown as string
}

function positions(text: string): number[] {
  return Array.from(text, (_, at) => at)
}

function others(character: string): string[] {
  return [...BASE62, '_', '-', ' ', '\0', 'é'].filter((other) => other !== character)
}

function swap(text: string, a: number, b: number): string {
  return text.slice(0, a) + text.charAt(b) + text.slice(a + 1, b) + text.charAt(a) + text.slice(b + 1)
}
