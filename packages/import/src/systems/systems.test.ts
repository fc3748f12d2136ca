import { describe, expect, it } from 'vitest'
import { betterAuth } from './better-auth.ts'
import { drfApiKey } from './drf-api-key.ts'
import { formats } from './formats.ts'
import { gitlab } from './gitlab.ts'
import { hashedColumn } from './hashed-column.ts'
import { knox } from './knox.ts'
import { prefixedApiKey } from './prefixed-api-key.ts'
import { devise, secureToken } from './rails.ts'
import { sanctum } from './sanctum.ts'
import type { LegacyRow, LegacySystem } from './system.ts'
import { unkey } from './unkey.ts'

const LONG = 'a'.repeat(600)
const HEX = 'ab'.repeat(32)
const BASE64 = `${'a'.repeat(43)}=`
const BASE64URL = 'a'.repeat(43)

describe('read', () => {
  it.each<[string, LegacySystem, readonly string[]]>([
    ['sanctum', sanctum(), ['', '12|short', `x|${'a'.repeat(40)}`, `12|${'a'.repeat(30)}|`, `12|${LONG}`]],
    ['knox', knox({ hashes: 'bytes' }), ['', 'zz'.repeat(32), 'a'.repeat(33), LONG]],
    ['drf-api-key', drfApiKey(), ['', 'prefix', 'prefix.short', `.${'a'.repeat(32)}`, `a.b.${'a'.repeat(32)}`, LONG]],
    [
      'better-auth',
      betterAuth({ prefix: 'acme_' }),
      ['', 'acme_short', 'a'.repeat(40), `acme_ ${'a'.repeat(40)}`, LONG],
    ],
    ['unkey', unkey({ prefix: 'acme' }), ['', 'acme_short', `acme${'a'.repeat(40)}`, LONG]],
    ['gitlab', gitlab(), ['', 'glpat-short', `other-${'a'.repeat(20)}`, LONG]],
    [
      'prefixed-api-key',
      prefixedApiKey({ prefix: 'acme' }),
      ['', `other_abcdefgh_${'a'.repeat(24)}`, 'acme_abcdefgh_short', LONG],
    ],
  ])('takes no text of another shape, %s', (_, system, texts) => {
    for (const text of texts) expect(system.read(text)).toBeNull()
  })
})

describe('a system', () => {
  it.each<[string, (options: never) => LegacySystem, object]>([
    ['sanctum: unknown option "mp"', sanctum, { mp: () => ({}) }],
    ['sanctum: option "map" must be a function', sanctum, { map: {} }],
    ['knox: option "hashes" must be text or bytes', knox, { hashes: 'byte' }],
    ['drfApiKey: unknown option "prefix"', drfApiKey, { prefix: 'x' }],
    ['betterAuth: unknown option "prefx"', betterAuth, { prefx: 'acme_' }],
    ['unkey: option "prefix" must be a text', unkey, { prefix: null }],
    ['gitlab: option "dbKeyBase" must be a text', gitlab, { dbKeyBase: Buffer.alloc(32) }],
    ['secureToken: option "column" must be a text', secureToken, { column: '' }],
    ['devise: option "secretKeyBase" must be a text', devise, {}],
    ['devise: option "keyDigest" must be sha1 or sha256', devise, { secretKeyBase: 'x', keyDigest: 'sha512' }],
    ['prefixedApiKey: option "prefix" must be a text', prefixedApiKey, { prefix: '' }],
    ['hashedColumn: option "split" must be a function', hashedColumn, {}],
    ['hashedColumn: option "name" must be a line', hashedColumn, { split: () => null, name: 'a\nb' }],
  ])('is refused when it is built: %s', (message, create, options) => {
    expect(() => create(options as never)).toThrow(TypeError)
    expect(() => create(options as never)).toThrow(message)
  })
})

describe('row', () => {
  const AT = new Date('2026-01-31T10:20:30Z')

  it.each<[string, LegacySystem, LegacyRow, object]>([
    [
      'a list of abilities',
      sanctum(),
      { id: 1, token: HEX.toUpperCase(), tokenable_id: 7, abilities: ['a:b'] },
      { owner: '7', digest: HEX, scopes: ['a:b'] },
    ],
    [
      'scopes and owner of its own',
      sanctum(),
      { id: 1, token: HEX, owner: 'x', scopes: '["c:d"]', abilities: 'unread' },
      { owner: 'x', scopes: ['c:d'] },
    ],
    [
      'what map says',
      knox({ map: ({ user_id }) => ({ owner: `u${String(user_id)}` }) }),
      { digest: HEX + HEX, user_id: 7 },
      { owner: 'u7' },
    ],
    [
      'seconds, microseconds and zones',
      knox(),
      { owner: 'x', digest: HEX + HEX, created: '2026-01-31T10:20:30.000000', expiry: AT },
      { createdAt: AT, expiresAt: AT },
    ],
    [
      'scopes of Rails',
      gitlab(),
      { user_id: 7, token_digest: BASE64, scopes: "---\n- api\n- 'read_user'\n", revoked: 't', updated_at: AT },
      { scopes: ['api', 'read_user'], revokedAt: AT },
    ],
    [
      'a key that is off',
      unkey(),
      { externalId: 'x', hash: BASE64, enabled: false, updatedAtM: AT.getTime() },
      { suspendedAt: AT },
    ],
    [
      'a key that was deleted',
      unkey(),
      { externalId: 'x', hash: BASE64, deletedAtM: AT.getTime() },
      { revokedAt: AT, suspendedAt: null },
    ],
    [
      'permissions',
      betterAuth(),
      { userId: 'x', key: BASE64URL, permissions: '{"a":["b","c"],"d":[]}', enabled: 0, updatedAt: AT },
      { scopes: ['a:b', 'a:c'], suspendedAt: AT },
    ],
    ['no permissions', betterAuth(), { userId: 'x', key: BASE64URL, permissions: 'null' }, { scopes: [] }],
    [
      'a revoked key',
      drfApiKey(),
      { owner: 'x', prefix: 'p', hashed_key: `sha512$$${HEX}${HEX}`, revoked: true, created: AT },
      { revokedAt: AT, digest: `sha512$$${HEX}${HEX}` },
    ],
    [
      'times of its own',
      prefixedApiKey(),
      { owner: 'x', shortToken: 's', longTokenHash: HEX, revokedAt: AT.getTime(), name: 'CI' },
      { revokedAt: AT, name: 'CI', preview: 's_********' },
    ],
    [
      'names of its own columns',
      hashedColumn({ split: () => null, lookupColumn: 'l', hashColumn: 'h' }),
      { owner: 'x', l: 'a', h: 'b', name: 'CI' },
      { lookup: 'a', hash: 'b', name: 'CI' },
    ],
    [
      'a name',
      devise({ secretKeyBase: 'x' }),
      { user_id: 1, token: HEX, name: 'CI', revoked_at: AT },
      { digest: HEX, name: 'CI', revokedAt: AT },
    ],
  ])('reads %s', (_, system, row, token) => {
    expect(system.row(row)).toMatchObject(token)
  })

  it.each<[string, LegacyRow]>([
    ['the row has no token', { id: 1, tokenable_id: 1 }],
    ['the row has no owner', { id: 1, token: HEX }],
    ['the row has no owner', { id: 1, token: HEX, tokenable_id: 7, tokenable_type: 'App\\Models\\Team' }],
    ['created_at is no instant', { id: 1, token: HEX, owner: 'x', created_at: 'yesterday' }],
    ['created_at is no instant', { id: 1, token: HEX, owner: 'x', created_at: {} }],
    ['abilities is no list of scopes', { id: 1, token: HEX, owner: 'x', abilities: '{jobs:read,jobs:write}' }],
    ['abilities is no list of scopes', { id: 1, token: HEX, owner: 'x', abilities: [1] }],
  ])('says what is wrong: %s', (message, row) => {
    expect(() => sanctum().row(row)).toThrow(message)
  })

  const PLAIN = 'the-secret-itself'

  it.each<[string, LegacySystem, LegacyRow]>([
    ['token is no SHA-256 in hexadecimal', sanctum(), { id: 1, token: PLAIN }],
    ['digest is no SHA-512 in hexadecimal', knox(), { digest: HEX }],
    ['hashed_key is no SHA-512 in hexadecimal', drfApiKey(), { prefix: 'p', hashed_key: `sha512$$${HEX}` }],
    ['key is no SHA-256 in base64url', betterAuth(), { key: PLAIN }],
    ['hash is no SHA-256 in base64', unkey(), { hash: PLAIN }],
    ['token_digest is no SHA-256 in base64', gitlab(), { token_digest: HEX }],
    ['token is no secret of 20 to 255 characters', secureToken(), { token: PLAIN }],
    ['token is no SHA-256 in hexadecimal', devise({ secretKeyBase: 'x' }), { token: PLAIN }],
    ['longTokenHash is no SHA-256 in hexadecimal', prefixedApiKey(), { shortToken: 's', longTokenHash: PLAIN }],
    [
      'permissions is no object of lists',
      betterAuth(),
      { key: BASE64URL, owner: 'x', permissions: '{"a":[{"toString":1}]}' },
    ],
    ['permissions is no object of lists', betterAuth(), { key: BASE64URL, owner: 'x', permissions: 'a:b' }],
  ])('keeps no row that no secret would be found by: %s', (message, system, row) => {
    expect(() => system.row(row)).toThrow(message)
  })

  it('is there by name for each system, with its default columns', () => {
    expect([...formats.keys()]).toEqual([
      ...['sanctum', 'knox', 'drf-api-key', 'better-auth', 'unkey', 'gitlab', 'secure-token', 'devise'],
      ...['prefixed-api-key', 'hashed-column'],
    ])
    expect(formats.get('devise')?.row({ token: HEX, owner: 'x' })).toMatchObject({ digest: HEX })
  })
})
