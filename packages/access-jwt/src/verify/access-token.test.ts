import { shardOf } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { ISSUER, NOW } from '../../testing/open-access.ts'
import { claimsOf, readClaims, scopesIn } from './access-token.ts'
import type { AccessToken } from './access-token.ts'

const TOKEN: AccessToken = {
  id: 'jti',
  owner: 'acme',
  clientId: 'parent',
  audience: 'v1',
  scopes: ['jobs:read', 'jobs:write'],
  issuedAt: new Date(NOW),
  expiresAt: new Date(NOW + 300_000),
  parent: { id: 'parent', shard: shardOf('acme') },
}
const CLAIMS = claimsOf(TOKEN, ISSUER)

describe('claimsOf', () => {
  it('writes the claims of RFC 9068 §2.2, and two of the parent', () => {
    expect(CLAIMS).toEqual({
      iss: ISSUER,
      sub: 'acme',
      aud: 'v1',
      exp: NOW / 1_000 + 300,
      iat: NOW / 1_000,
      jti: 'jti',
      client_id: 'parent',
      scope: 'jobs:read jobs:write',
      tessera_parent: 'parent',
      tessera_shard: shardOf('acme'),
    })
  })

  it('leaves scope out where there is none', () => {
    expect(claimsOf({ ...TOKEN, scopes: [] }, ISSUER)).not.toHaveProperty('scope')
  })
})

describe('readClaims', () => {
  it('reads what claimsOf writes', () => {
    for (const token of [TOKEN, { ...TOKEN, scopes: [] }]) expect(readClaims(claimsOf(token, ISSUER))).toEqual(token)
  })

  it.each(['sub', 'aud', 'exp', 'iat', 'jti', 'client_id', 'tessera_parent', 'tessera_shard'])(
    'refuses claims whose %s is missing, empty or of another type',
    (name) => {
      const { [name]: _, ...others } = CLAIMS
      const wrong = [
        others,
        ...['', null, ['acme'], {}, Number.NaN, 1e300].map((value) => ({ ...CLAIMS, [name]: value })),
      ]
      expect(wrong.map(readClaims)).toEqual(wrong.map(() => null))
    },
  )

  it("refuses another owner's shard, parts of seconds, and scopes that are malformed", () => {
    const wrong = [
      { tessera_shard: '0g' },
      { exp: NOW / 1_000 + 0.5 },
      { iat: NOW / 1_000 + 0.5 },
      ...['', ' ', 'a  b', 'a "b"', 7, ['a'], null].map((scope) => ({ scope })),
    ].map((facts) => ({ ...CLAIMS, ...facts }))
    expect(wrong.map(readClaims)).toEqual(wrong.map(() => null))
  })
})

describe('scopesIn', () => {
  it('reads each scope once, and none where there is no text', () => {
    expect(scopesIn('a b a')).toEqual(['a', 'b'])
    expect(scopesIn(undefined)).toEqual([])
  })
})
