import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openTokens } from '../../../testing/open-tokens.ts'
import type { TokensOptions } from '../../setup/options.ts'
import type { TokenStore } from '../../store/store.ts'
import { createDigests, digestSecret, isPepper, isPepperRing } from './digest.ts'

const OLD = 'the former pepper, 32 characters and more'
const NEW = 'the current pepper, 32 characters and more'
const LATER = 'the upcoming pepper, 32 characters and more'

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

  it('refuses a pepper that is too short, and does not repeat it', () => {
    const error = new TypeError('digestSecret: pepper must be at least 32 bytes or characters')
    expect(() => digestSecret('abc', '')).toThrow(error)
    expect(() => digestSecret('abc', 'x'.repeat(31))).toThrow(error)
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

  it('puts upcoming peppers between the current one and the retired ones', () => {
    const { all } = createDigests({ current: NEW, upcoming: [LATER], retired: [OLD] })
    expect(all('abc')).toEqual([NEW, LATER, OLD].map((pepper) => digestSecret('abc', pepper)))
  })

  it('keeps a token where it is, unless that is under a retired pepper', () => {
    const { all, keptUnder } = createDigests({ current: NEW, upcoming: [LATER], retired: [OLD, null] })
    const [current, later, ...retired] = all('abc')
    expect([current, later].map((digest) => keptUnder(all('abc'), digest ?? ''))).toEqual([current, later])
    expect(retired.map((digest) => keptUnder(all('abc'), digest))).toEqual([current, current])
  })

  it('copies a pepper of bytes, so that wiping it later changes nothing', () => {
    const pepper = new Uint8Array(32).fill(7)
    const digests = createDigests(pepper)
    const before = digests.current('abc')
    pepper.fill(0)
    expect(digests.current('abc')).toBe(before)
  })
})

describe('createTokens with a pepper', () => {
  const request = { owner: 'acme', name: 'ci', scopes: [] }
  const withPepper = (pepper: TokensOptions['pepper'], store?: TokenStore) =>
    openTokens({ ...(pepper && { pepper }), ...(store && { store }) })

  it('does not know tokens that were issued under another pepper, or none', async () => {
    const { tokens, watched } = withPepper(NEW)
    const { secret } = await tokens.issue(request)
    for (const pepper of [OLD, undefined]) {
      const other = withPepper(pepper, watched.store)
      expect(await other.tokens.verify(secret)).toEqual({ ok: false, reason: 'unknown' })
    }
  })

  it.each([
    ['no pepper', undefined, null],
    ['a pepper', OLD, OLD],
  ])('finds what was issued under %s before, in one store call, and re-keys it on use', async (_, before, retired) => {
    const { tokens, watched } = withPepper(before)
    const { secret, token } = await tokens.issue(request)
    const changed = withPepper({ current: NEW, retired: [retired] }, watched.store)

    watched.calls.length = 0
    expect(await changed.tokens.verify(secret)).toStrictEqual({ ok: true, token })
    await changed.tokens.close()
    expect(watched.calls.map(({ method }) => method)).toEqual(['findByDigest', 'recordUse', 'change'])

    const later = withPepper(NEW, watched.store)
    expect(await later.tokens.verify(secret)).toMatchObject({ ok: true })
    await later.tokens.close()
    expect(watched.calls.filter(({ method }) => method === 'change')).toHaveLength(1)
  })

  it('re-keys nothing that it refuses', async () => {
    const { tokens, watched } = withPepper(OLD)
    const { secret, token } = await tokens.issue(request)
    await tokens.revoke('acme', token.id)
    const changed = withPepper({ current: NEW, retired: [OLD] }, watched.store)
    watched.calls.length = 0
    expect(await changed.tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
    await changed.tokens.close()
    expect(watched.calls.map(({ method }) => method)).toEqual(['findByDigest'])
  })

  it('revokes by a secret that is kept under a retired pepper', async () => {
    const { tokens, watched } = withPepper(OLD)
    const { secret, token } = await tokens.issue(request)
    const changed = withPepper({ current: NEW, retired: [OLD] }, watched.store)
    expect(await changed.tokens.revokeSecret(secret)).toMatchObject({
      token: { id: token.id, status: 'revoked' },
      replayed: false,
    })
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('re-keys a token once that many use at the same moment', async () => {
    const { tokens, watched } = withPepper(OLD)
    const { secret } = await tokens.issue(request)
    const changed = withPepper({ current: NEW, retired: [OLD] }, watched.store)
    watched.calls.length = 0
    await Promise.all(Array.from({ length: 20 }, () => changed.tokens.verify(secret)))
    await changed.tokens.close()
    expect(watched.calls.filter(({ method }) => method === 'change')).toHaveLength(1)
  })

  it('accepts a token whose re-keying fails, reports that, and re-keys it on the next use', async () => {
    const { tokens, watched } = withPepper(OLD)
    const { secret } = await tokens.issue(request)
    const errors: Error[] = []
    const pepper = { current: NEW, retired: [OLD] }
    const change = async () => Promise.reject(new Error('READONLY'))
    const failing = openTokens({
      store: { ...watched.store, change },
      pepper,
      onError: (error) => errors.push(error),
    })
    expect(await failing.tokens.verify(secret)).toMatchObject({ ok: true })
    await failing.tokens.close()
    expect(errors.map(({ message }) => message)).toEqual(['the token store failed to rekey a token: READONLY'])

    const changed = withPepper(pepper, watched.store)
    await changed.tokens.verify(secret)
    await changed.tokens.close()
    expect(await withPepper(NEW, watched.store).tokens.verify(secret)).toMatchObject({ ok: true })
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
    const right: unknown[] = [
      { current: NEW },
      { current: NEW, retired: undefined },
      { current: NEW, retired: [] },
      { current: NEW, retired: [OLD, null] },
      { current: null, retired: [NEW] },
      { current: OLD, upcoming: [NEW] },
      { current: null, upcoming: [NEW], retired: [OLD] },
    ]
    const wrong: unknown[] = [
      {},
      null,
      NEW,
      { current: 'short' },
      { current: NEW, retired: OLD },
      { current: NEW, retired: ['short'] },
      { current: NEW, upcoming: OLD },
      { current: NEW, upcoming: ['short'] },
      { retired: [OLD] },
      { current: NEW, retierd: [OLD] },
    ]
    expect(right.filter((value) => !isPepperRing(value))).toEqual([])
    expect(wrong.filter((value) => isPepperRing(value))).toEqual([])
  })
})
