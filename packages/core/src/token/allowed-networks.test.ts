import { describe, expect, it } from 'vitest'
import { openTokens } from '../../testing/open-tokens.ts'
import { allowsAddress, areWithin, networksOf } from './allowed-networks.ts'
import { invalidParameter } from './errors.ts'

const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'] }
const NETWORKS = 'IPv4 or IPv6 networks such as 192.0.2.0/24, with no bit set after the prefix, or single addresses'
const INSIDE = invalidParameter('networks', 'inside the networks of whoever issues')
const REFUSED = { ok: false, reason: 'network_not_allowed' }

function refusal(networks: unknown, ceiling: unknown = null): unknown {
  try {
    return networksOf(networks as string[], ceiling as string[])
  } catch (error) {
    return error
  }
}

describe('networksOf', () => {
  it('writes each network in one way, and once', () => {
    const given = ['2001:DB8:0::/48', '192.0.2.7', '::ffff:192.0.2.7', '2001:db8::/48']
    expect(networksOf(given, null)).toEqual(['2001:db8::/48', '192.0.2.7/32'])
  })

  it('is null where none are asked for and the issuer has none', () => {
    expect(networksOf(undefined, undefined)).toBeNull()
    expect(networksOf(null, null)).toBeNull()
  })

  it.each([[], Array.from({ length: 51 }, (_, n) => `192.0.2.${n}`), '192.0.2.0/24', 7])('refuses %j', (networks) => {
    expect(refusal(networks)).toEqual(invalidParameter('networks', '1 to 50 networks, or null for any'))
  })

  it.each(['192.0.2.1/24', 'fe80::1%eth0', '', 7, null])(
    'refuses the network %j, and does not repeat it',
    (network) => {
      expect(refusal(['10.0.0.0/8', network])).toEqual(invalidParameter('networks', NETWORKS))
    },
  )

  it('binds a token to the networks of its issuer, or to what is inside them', () => {
    const ceiling = ['10.0.0.0/8', '2001:db8::/32']
    expect(networksOf(undefined, ceiling)).toEqual(ceiling)
    expect(networksOf(['10.1.0.0/16', '2001:db8::/32'], ceiling)).toEqual(['10.1.0.0/16', '2001:db8::/32'])
    for (const wider of [null, ['0.0.0.0/0'], ['10.1.0.0/16', '11.0.0.0/8']]) {
      expect(refusal(wider, ceiling)).toEqual(INSIDE)
    }
    expect(refusal(undefined, '10.0.0.0/8')).toMatchObject({ details: { parameter: 'networkCeiling' } })
  })
})

describe('areWithin', () => {
  it.each([
    [null, null, true],
    [['192.0.2.0/24'], null, true],
    [null, ['0.0.0.0/0', '::/0'], false],
    [['192.0.2.64/26', '2001:db8::1/128'], ['192.0.2.0/24', '2001:db8::/32'], true],
    [['192.0.2.0/24'], ['192.0.2.64/26'], false],
    [['192.0.2.7/32', '198.51.100.7/32'], ['192.0.2.0/24'], false],
  ])('of %j and %j is %s', (networks, ceiling, expected) => {
    expect(areWithin(networks, ceiling)).toBe(expected)
  })
})

describe('allowsAddress', () => {
  it('holds for an address in one of the networks', () => {
    const networks = ['192.0.2.0/24', '2001:db8::/32']
    expect(['192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1'].map((ip) => allowsAddress(networks, ip))).toEqual([
      true,
      true,
      true,
    ])
    const outside = ['198.51.100.1', '2001:db9::1', '', 'fe80::1%eth0', undefined, null, 7]
    expect(outside.filter((ip) => allowsAddress(networks, ip))).toEqual([])
  })

  it('holds for no address where a store kept what is no network', () => {
    expect(allowsAddress(['anywhere'], '192.0.2.1')).toBe(false)
    expect(allowsAddress([], '192.0.2.1')).toBe(false)
  })
})

describe('a token that is bound to networks', () => {
  const open = async () => {
    const opened = openTokens()
    const networks = ['192.0.2.0/24', '::ffff:203.0.113.7']
    return { ...opened, ...(await opened.tokens.issue({ ...REQUEST, networks })) }
  }

  it('is accepted from within them, and from nowhere else', async () => {
    const { tokens, secret, token } = await open()
    expect(token.networks).toEqual(['192.0.2.0/24', '203.0.113.7/32'])
    expect(await tokens.verify(secret, { ip: '192.0.2.9' })).toMatchObject({ ok: true })
    expect(await tokens.verify(secret, { ip: '::ffff:192.0.2.9' })).toMatchObject({ ok: true })
    for (const ip of ['198.51.100.1', '::1', '', '192.0.2.9/32', undefined, null]) {
      expect(await tokens.verify(secret, { ip })).toEqual(REFUSED)
      expect(await tokens.checkById('acme', token.id, { ip })).toEqual(REFUSED)
    }
    expect(await tokens.checkById('acme', token.id, { ip: '192.0.2.9' })).toMatchObject({ ok: true })
    expect(tokens.stats().refused.network_not_allowed).toBe(12)
  })

  it('is refused for its status first, and for its scopes last', async () => {
    const { tokens, secret, token } = await open()
    const outside = { ip: '198.51.100.1', scopes: ['jobs:write'] }
    expect(await tokens.verify(secret, outside)).toEqual(REFUSED)
    const inside = { ...outside, ip: '192.0.2.9' }
    expect(await tokens.verify(secret, inside)).toEqual({ ok: false, reason: 'insufficient_scope' })
    await tokens.suspend('acme', token.id)
    expect(await tokens.verify(secret, outside)).toEqual({ ok: false, reason: 'suspended' })
  })

  it('records no use when it is refused', async () => {
    const { tokens, secret, token } = await open()
    await tokens.verify(secret, { ip: '198.51.100.1' })
    await tokens.flush()
    expect(await tokens.get('acme', token.id)).toMatchObject({ lastUsedAt: null })
  })

  it('has a successor that is bound to them, whose use from elsewhere ends no overlap', async () => {
    const { tokens, secret } = await open()
    const rotated = await tokens.rotateSecret(secret)
    expect(await tokens.verify(rotated?.secret, { ip: '198.51.100.1' })).toEqual(REFUSED)
    expect(await tokens.verify(secret, { ip: '192.0.2.9' })).toMatchObject({ ok: true })
    expect(await tokens.verify(rotated?.secret, { ip: '192.0.2.9' })).toMatchObject({ ok: true })
    expect(await tokens.verify(secret, { ip: '192.0.2.9' })).toEqual({ ok: false, reason: 'revoked' })
  })

  it('is another request under an idempotency key', async () => {
    const { tokens } = openTokens()
    const issue = (networks: string[] | null) => tokens.issue({ ...REQUEST, networks, idempotencyKey: 'k' })
    await issue(['192.0.2.1', '192.0.2.2'])
    expect(await issue(['::ffff:192.0.2.2', '192.0.2.1/32'])).toMatchObject({ replayed: true })
    await expect(issue(null)).rejects.toMatchObject({ code: 'idempotency_conflict' })
  })
})
