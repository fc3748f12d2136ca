import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hasLowS, twinOf } from './low-s.ts'

const dsaEncoding = 'ieee-p1363'
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const signatures = Array.from({ length: 64 }, (_, number) => {
  const text = Buffer.from(String(number))
  return { text, signature: sign('sha256', text, { key: privateKey, dsaEncoding }).toString('base64url') }
})

describe('hasLowS', () => {
  it('holds for one of a signature and its twin, though both verify', () => {
    for (const { text, signature } of signatures) {
      const pair = [signature, twinOf(signature)]
      const verified = pair.map((each) =>
        verify('sha256', text, { key: publicKey, dsaEncoding }, Buffer.from(each, 'base64url')),
      )
      expect(verified).toEqual([true, true])
      expect(pair.filter(hasLowS)).toHaveLength(1)
    }
  })

  it('holds up to half of the order of the curve', () => {
    const withS = (hex: string) => Buffer.from('11'.repeat(32) + hex, 'hex').toString('base64url')
    expect(hasLowS(withS('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8'))).toBe(true)
    expect(hasLowS(withS('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a9'))).toBe(false)
    expect(hasLowS(withS('ff'.repeat(32)))).toBe(false)
  })

  it('does not hold for what has not the length of two numbers', () => {
    for (const length of [0, 1, 63, 65, 1_000]) expect(hasLowS(Buffer.alloc(length).toString('base64url'))).toBe(false)
  })
})

describe('twinOf', () => {
  it('is the twin of its twin, and as long', () => {
    for (const { signature } of signatures) {
      expect(twinOf(signature)).toHaveLength(signature.length)
      expect(twinOf(twinOf(signature))).toBe(signature)
    }
  })
})
