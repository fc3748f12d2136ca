import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packDigest, unpackDigest } from './packed-digest.ts'

const digest = randomBytes(32).toString('base64url')

describe('packDigest', () => {
  it('takes the digest of a secret in 32 bytes', () => {
    expect(packDigest(digest)).toHaveLength(32)
    expect(unpackDigest(packDigest(digest))).toBe(digest)
  })

  it.each([
    '',
    '=',
    'a',
    'a'.repeat(31),
    'a'.repeat(32),
    'a'.repeat(43),
    `${digest}=`,
    `${digest.slice(0, -1)}_`,
    digest.slice(1),
    '\0',
    'é\n',
  ])('keeps %j, which is no such digest, apart and whole', (text) => {
    expect(packDigest(text)).not.toHaveLength(32)
    expect(unpackDigest(packDigest(text))).toBe(text)
  })

  it('brings back every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        expect(unpackDigest(packDigest(text))).toBe(text)
      }),
    )
  })
})
