import { generateSecret } from '@tessera/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findSecrets } from './find-secrets.ts'

const secret = generateSecret('acme_pat', '00')

describe('findSecrets', () => {
  it('finds each by shape and checksum, wherever it stands', () => {
    for (const text of [secret, `Bearer ${secret}`, `"${secret}"`, `x=${secret}abc`, `_${secret}`, `a_${secret}`])
      expect(findSecrets(text, ['acme_pat']).map((found) => found.secret)).toEqual([secret])
    const mistyped = secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0')
    expect(findSecrets(mistyped, null)).toEqual([])
    expect(findSecrets(secret, ['other'])).toEqual([])
    expect(findSecrets(`${secret} ${secret}`, null)).toHaveLength(2)
  })

  it('finds all of several APIs, by prefixes that end alike too', () => {
    const prefixes = ['acme_pat', 'pat', 'acme']
    const text = fc.array(
      fc.oneof(
        fc.string(),
        fc.constantFrom(...prefixes).map((prefix) => ({ prefix })),
      ),
    )
    fc.assert(
      fc.property(text, (parts) => {
        const written = parts.map((part) => (typeof part === 'string' ? part : generateSecret(part.prefix, '9G')))
        const secrets = written.filter((_, index) => typeof parts[index] === 'object')
        expect(findSecrets(written.join(' '), prefixes).map((found) => found.secret)).toEqual(secrets)
        expect(findSecrets(written.join(' '), null).map((found) => found.secret)).toEqual(secrets)
      }),
    )
  })

  it('takes linear time for hostile text', () => {
    const begun = performance.now()
    findSecrets('a_'.repeat(500_000), null)
    findSecrets(`${'a'.repeat(47)}_`.repeat(20_000), null)
    expect(performance.now() - begun).toBeLessThan(5_000)
  })
})
