import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ALGORITHMS, generateAccessKey, loadAccessKey } from './access-key.ts'
import type { Algorithm } from './access-key.ts'

const PUBLIC = new Set(['kty', 'crv', 'x', 'y', 'n', 'e', 'alg', 'kid', 'use'])
const jwkOf = ({ privateKey }: ReturnType<typeof generateKeyPairSync>, alg: string) => ({
  ...privateKey.export({ format: 'jwk' }),
  alg,
})

describe('generateAccessKey', () => {
  it('makes an Ed25519 key unless another algorithm is asked for, each time a new one', async () => {
    const key = await generateAccessKey()
    expect(key).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA' })
    expect(await generateAccessKey()).not.toEqual(key)
    expect(await generateAccessKey('ES256')).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256' })
  })

  it('refuses other algorithms', async () => {
    await expect(generateAccessKey('HS256' as Algorithm)).rejects.toThrow('alg must be one of EdDSA, ES256, RS256')
  })
})

describe('loadAccessKey', () => {
  it.each(ALGORITHMS)('publishes only what is public of a key of %s, after a way through JSON', async (alg) => {
    const key = JSON.parse(JSON.stringify(await generateAccessKey(alg)))
    const loaded = loadAccessKey({ ...key, kid: 'mine', ext: true })
    expect(loaded?.published).toMatchObject({ alg, use: 'sig', kid: expect.stringMatching(/^[\w-]{43}$/) })
    expect(Object.keys(loaded?.published ?? {}).filter((name) => !PUBLIC.has(name))).toEqual([])
    expect(JSON.stringify(loaded?.published)).not.toContain(key.d)
    expect(loaded?.publicKey.type).toBe('public')
  })

  it('reads no public key, no secret key, no key of another curve, and no RSA key under 2,048 bits', async () => {
    const { d: _, ...published } = await generateAccessKey()
    const wrong = [
      published,
      { kty: 'oct', k: 'c2VjcmV0', alg: 'HS256' },
      jwkOf(generateKeyPairSync('ed448'), 'EdDSA'),
      jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }), 'ES256'),
      jwkOf(generateKeyPairSync('rsa', { modulusLength: 1024 }), 'RS256'),
    ]
    expect(wrong.map(loadAccessKey)).toEqual(wrong.map(() => null))
  })

  it('reads no key whose algorithm is missing, or that of another type', async () => {
    const key = await generateAccessKey()
    const wrong = [
      undefined,
      null,
      'key',
      {},
      { ...key, alg: undefined },
      { ...key, alg: 'ES256' },
      { ...key, alg: 'none' },
    ]
    expect(wrong.map(loadAccessKey)).toEqual(wrong.map(() => null))
  })

  it('reads no key whose parts do not belong together', async () => {
    const { x } = await generateAccessKey()
    expect(loadAccessKey({ ...(await generateAccessKey()), x })).toBeNull()
  })
})
