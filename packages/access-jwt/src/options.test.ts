import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { AUDIENCE, ISSUER, KEY } from '../testing/open-access.ts'
import { settingsOf } from './options.ts'
import type { AccessTokensOptions } from './options.ts'

const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
const GOOD: AccessTokensOptions = { tokens, issuer: ISSUER, audience: AUDIENCE, keys: [{ key: KEY }] }
const settings = (options: object) => () => settingsOf({ ...GOOD, ...options })

describe('settingsOf', () => {
  it('has a default for what may be left out', () => {
    expect(settingsOf(GOOD)).toMatchObject({ lifetimeMs: 300_000, clockToleranceSeconds: 5, otherAudiences: [] })
  })

  it('takes what it should', () => {
    const issuers = ['http://127.0.0.1:3000', 'https://acme.test/tenants/1']
    for (const issuer of issuers) expect(settings({ issuer })).not.toThrow()
    for (const lifetimeMs of [1_000, 86_400_000]) expect(settings({ lifetimeMs })).not.toThrow()
    expect(settings({ audience: 'jobs', otherAudiences: ['logs'], clockToleranceSeconds: 0 })).not.toThrow()
  })

  it.each([
    ['tokens', [undefined, null, {}, { verify: () => {} }]],
    [
      'issuer',
      [undefined, '', 'acme', 'ftp://acme.test', 'https://acme.test/?a', 'https://acme.test/#a', 'https:// a', 7],
    ],
    ['audience', [undefined, '', 'a b', 'é', 'a'.repeat(256), ['a'], null]],
    ['otherAudiences', ['a', [''], [7], null]],
    ['keys', [undefined, [], KEY, [KEY], [{ key: { ...KEY, d: undefined } }]]],
    ['lifetimeMs', [999, 86_400_001, 1_000.5, '1000', null]],
    ['clockToleranceSeconds', [-1, 61, 0.5, '5', null]],
    ['now', [7, () => Number.NaN, null]],
  ])('refuses a %s that is wrong, by its name', (name, values) => {
    for (const value of values) {
      expect(settings({ [name]: value })).toThrow(TypeError)
      expect(settings({ [name]: value })).toThrow(`createAccessTokens: option "${name}" must be`)
    }
  })

  it('refuses an unknown option, and repeats nothing of a key', () => {
    expect(settings({ secretKey: 7 })).toThrow('unknown option "secretKey"')
    const wrong = [{ key: { ...KEY, alg: 'ES256' } }]
    expect(settings({ keys: wrong })).toThrow(/^(?!.*OKP)/)
    expect(settings({ keys: wrong })).not.toThrow(String(KEY.d))
  })
})
