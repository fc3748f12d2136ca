import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import * as fc from 'fast-check'
import { exportJWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { encode, forge } from '../../testing/forge.ts'
import { AUDIENCE, ISSUER, KEY, NOW, openAccess } from '../../testing/open-access.ts'
import { ALGORITHMS, generateAccessKey, loadAccessKey } from '../keys/access-key.ts'
import { createKeyRing } from '../keys/key-ring.ts'
import { twinOf } from '../keys/low-s.ts'
import { verifyAccessToken } from './verify-access-token.ts'

const TOLERANCE_SECONDS = 5
const MALFORMED = { ok: false, reason: 'malformed' }
const UNKNOWN = { ok: false, reason: 'unknown' }
const EXPIRED = { ok: false, reason: 'expired' }
const seconds = NOW / 1_000

const RSA_KEY = await generateAccessKey('RS256')
const keys = [{ key: KEY }, { key: RSA_KEY, startsAt: new Date(NOW + 1e9) }]
const ring = createKeyRing(keys, 0) ?? expect.fail('keys that are refused')
const asked: string[] = []

function verify(jwt: string | undefined, now = NOW) {
  const findKey = (kid: string, alg: string) => {
    asked.push(kid)
    return ring.find(kid, alg, NOW)
  }
  const expectations = { issuer: ISSUER, audiences: [AUDIENCE], findKey, clockToleranceSeconds: TOLERANCE_SECONDS }
  return verifyAccessToken({ ...expectations, now: () => now }, jwt)
}

let jwt: string
beforeAll(async () => {
  const { access, secret } = await openAccess()
  jwt = (await access.exchange(secret)).jwt
})

describe('verifyAccessToken', () => {
  it('answers with what the token says', async () => {
    expect(await verify(jwt)).toMatchObject({ ok: true, token: { owner: 'acme', audience: AUDIENCE } })
  })

  it('refuses as missing what was not presented', async () => {
    expect(await verify(undefined)).toEqual({ ok: false, reason: 'missing' })
  })

  it.each(['none', 'None', 'HS256'])('refuses the algorithm %s without a signature (RFC 8725 §3.2)', async (alg) => {
    const [, payload = ''] = jwt.split('.')
    const header = encode({ alg, typ: 'at+jwt', kid: ring.current(NOW).published.kid })
    for (const text of [`${header}.${payload}.`, `${header}.${payload}`, `${header}.${payload}.YQ`]) {
      expect(await verify(text)).toEqual(MALFORMED)
    }
  })

  it('refuses a public key that was used as the secret of an HMAC (RFC 8725 §2.1)', async () => {
    const { published, publicKey } = loadAccessKey(RSA_KEY) ?? expect.fail('a key that cannot be read')
    const pem = publicKey.export({ type: 'spki', format: 'pem' })
    const secrets = [pem, String(pem).trim(), publicKey.export({ type: 'spki', format: 'der' }), published.n ?? '']
    for (const secret of secrets) {
      const forged = await forge(jwt, { header: { alg: 'HS256', kid: published.kid } }, Buffer.from(secret))
      expect(await verify(forged)).toEqual(MALFORMED)
    }
  })

  it.each(['jwk', 'jku', 'x5u', 'x5c'])('takes no key from the header %s (RFC 8725 §3.10)', async (name) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const jwk = await exportJWK(createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })))
    const url = 'https://attacker.test/keys'
    const value = { jwk, jku: url, x5u: url, x5c: ['YQ=='] }[name]
    for (const kid of [ring.current(NOW).published.kid, 'attacker', undefined]) {
      expect(await verify(await forge(jwt, { header: { kid, [name]: value } }, privateKey))).toEqual(MALFORMED)
    }
  })

  it('refuses a key that it does not know, that of another algorithm, and none at all', async () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const forgeries = [
      forge(jwt, {}, privateKey),
      forge(jwt, { header: { kid: 'unknown' } }),
      forge(jwt, { header: { kid: undefined } }),
      forge(jwt, { header: { kid: loadAccessKey(RSA_KEY)?.published.kid } }),
    ]
    for (const forged of await Promise.all(forgeries)) expect(await verify(forged)).toEqual(MALFORMED)
  })

  it('refuses a critical header that it does not understand (RFC 7515 §4.1.11)', async () => {
    const forged = await forge(jwt, { header: { crit: ['exp'], exp: 1 } })
    expect(await verify(forged)).toEqual(MALFORMED)
  })

  it.each([
    ['typ', { header: { typ: 'JWT' } }],
    ['typ that is missing', { header: { typ: undefined } }],
    ['iss', { claims: { iss: `${ISSUER}/` } }],
    ['iss that is missing', { claims: { iss: undefined } }],
    ['aud', { claims: { aud: 'https://other.test' } }],
    ['aud that is a part', { claims: { aud: AUDIENCE.slice(0, -1) } }],
    ['aud of several', { claims: { aud: [AUDIENCE, 'https://other.test'] } }],
    ['aud that is missing', { claims: { aud: undefined } }],
    ['exp that is missing', { claims: { exp: undefined } }],
    ['iat that is missing', { claims: { iat: undefined } }],
    ['sub that is missing', { claims: { sub: undefined } }],
    ['parent that is missing', { claims: { tessera_parent: undefined } }],
  ])('refuses another %s, though it is well signed', async (_, facts) => {
    expect(await verify(await forge(jwt, facts))).toEqual(UNKNOWN)
  })

  it('refuses a token from the instant of exp on, and as much later as clocks may differ', async () => {
    const expiring = await forge(jwt, { claims: { exp: seconds + 60 } })
    const last = NOW + (60 + TOLERANCE_SECONDS) * 1_000
    expect(await verify(expiring, last - 1)).toMatchObject({ ok: true })
    expect(await verify(expiring, last)).toEqual(EXPIRED)
  })

  it.each(['iat', 'nbf'])(
    'refuses a token before the instant of %s, but for as much as clocks may differ',
    async (name) => {
      const early = await forge(jwt, { claims: { [name]: seconds + TOLERANCE_SECONDS, exp: seconds + 60 } })
      expect(await verify(early)).toMatchObject({ ok: true })
      expect(await verify(early, NOW - 1)).toEqual(UNKNOWN)
    },
  )

  it('refuses what is not canonical before it looks for a key', async () => {
    const last = jwt.at(-1) ?? ''
    const twins = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    // The signature's last character holds two bits of it, and four that are unused.
    const alike = [...twins].filter((each) => twins.indexOf(each) >> 4 === twins.indexOf(last) >> 4 && each !== last)
    expect(alike).toHaveLength(15)
    const texts = [
      ...alike.map((each) => jwt.slice(0, -1) + each),
      ...[`${jwt}=`, `${jwt}==`, ` ${jwt}`, `${jwt} `, `${jwt}\n`, `${jwt},`, `${jwt},${jwt}`, `${jwt}.`, `"${jwt}"`],
      ...[jwt.replace('.', ' .'), jwt.replaceAll('.', ','), `${jwt}.${jwt}`, jwt.padEnd(102_400, 'A')],
    ]
    asked.length = 0
    for (const text of texts) expect(await verify(text), text.slice(-20)).toEqual(MALFORMED)
    expect(asked).toEqual([])
  })

  it('refuses a token with any one character changed, added or left out', async () => {
    const place = fc.nat(jwt.length - 1)
    const character = fc.oneof(fc.constantFrom(...'.=-_ ,+/AZaz09'), fc.string({ minLength: 1, maxLength: 1 }))
    const change = fc.oneof(
      fc.tuple(place, character).map(([at, put]) => jwt.slice(0, at) + put + jwt.slice(at + 1)),
      fc.tuple(place, character).map(([at, put]) => jwt.slice(0, at) + put + jwt.slice(at)),
      place.map((at) => jwt.slice(0, at) + jwt.slice(at + 1)),
    )
    await fc.assert(
      fc.asyncProperty(change, async (changed) => {
        fc.pre(changed !== jwt)
        expect(await verify(changed)).toEqual(MALFORMED)
      }),
      { numRuns: 500 },
    )
  })

  it('refuses any text, and never rejects', async () => {
    const json = fc.object().map(encode)
    const text = fc.oneof(
      fc.string(),
      fc.tuple(json, json, json).map((parts) => parts.join('.')),
    )
    await fc.assert(
      fc.asyncProperty(text, async (text) => {
        expect(await verify(text)).toEqual(MALFORMED)
      }),
    )
  })

  it('accepts of two ES256 signatures with the same meaning the one with the lower s, which is the one that is signed', async () => {
    const { access, secret } = await openAccess({ keys: [{ key: await generateAccessKey('ES256') }] })
    // Half of all fresh signatures have the higher s.
    for (let round = 0; round < 20; round += 1) {
      const { jwt: signed } = await access.exchange(secret)
      const [header, payload, signature = ''] = signed.split('.')
      expect(await access.verify(signed)).toMatchObject({ ok: true })
      expect(await access.verify([header, payload, twinOf(signature)].join('.'))).toEqual(MALFORMED)
    }
  })

  it('accepts of EdDSA and RS256 no signature with the order or the modulus added', async () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n
    const { access, secret } = await openAccess()
    const [header, payload, signature = ''] = (await access.exchange(secret)).jwt.split('.')
    const bytes = Buffer.from(signature, 'base64url')
    const scalar = BigInt(`0x${Buffer.from(bytes.subarray(32).toReversed()).toString('hex')}`) + order
    const twin = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex').toReversed()
    const twins = [Buffer.concat([bytes.subarray(0, 32), twin]).toString('base64url')]
    expect(await access.verify([header, payload, ...twins].join('.'))).toEqual(MALFORMED)

    const modulus = BigInt(`0x${Buffer.from(String(RSA_KEY.n), 'base64url').toString('hex')}`)
    const rsa = await openAccess({ keys: [{ key: RSA_KEY }] })
    const [rsaHeader, rsaPayload, rsaSignature = ''] = (await rsa.access.exchange(rsa.secret)).jwt.split('.')
    const raised = BigInt(`0x${Buffer.from(rsaSignature, 'base64url').toString('hex')}`) + modulus
    const digits = raised.toString(16)
    const longer = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex').toString('base64url')
    expect(await rsa.access.verify([rsaHeader, rsaPayload, longer].join('.'))).toEqual(MALFORMED)
  })

  it.each(ALGORITHMS)('verifies what was signed with %s', async (alg) => {
    const { access, secret } = await openAccess({ keys: [{ key: await generateAccessKey(alg) }] })
    const { jwt } = await access.exchange(secret)
    expect(await access.verify(jwt)).toMatchObject({ ok: true })
  })
})
