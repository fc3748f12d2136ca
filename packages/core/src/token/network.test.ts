import { BlockList, isIP } from 'node:net'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from '../../testing/arbitraries.ts'
import { formatNetwork, holds, isAddress, parseAddress, parseNetwork } from './network.ts'

function normal(text: string): string | null {
  const network = parseNetwork(text)
  return network && formatNetwork(network)
}

function isIn(address: string, network: string): boolean {
  const [parsed, block] = [parseAddress(address), parseNetwork(network)]
  return parsed !== null && block !== null && holds(block, parsed)
}

const ipv6: fc.Arbitrary<string> = fc.oneof(
  fc.ipV6(),
  fc.ipV4().map((address) => `::ffff:${address}`),
)
const addresses = fc.oneof(fc.ipV4(), ipv6)

describe('parseNetwork', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['192.0.2.7', '192.0.2.7/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['2001:db8:0:0:1:0:0:0', '2001:db8:0:0:1::/128'],
    ['2001:0:0:1:0:0:1:1', '2001::1:0:0:1:1/128'],
    ['10:0:1:0:0:2:3:4', '10:0:1::2:3:4/128'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7/128'],
    ['::', '::/128'],
    ['::/0', '::/0'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201/128'],
    ['::ffff:192.0.2.7', '192.0.2.7/32'],
    ['::ffff:c000:200/120', '192.0.2.0/24'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
  ])('reads %s as %s', (text, network) => {
    expect(normal(text)).toBe(network)
  })

  it.each([
    ['a bit after the prefix', '192.0.2.1/24'],
    ['a bit after the prefix of IPv6', '2001:db8::1/64'],
    ['a prefix that cuts a mapped address', '::ffff:0:0/95'],
    ['a prefix that is too long', '192.0.2.0/33'],
    ['a prefix that is too long for IPv6', '2001:db8::/129'],
    ['an empty prefix', '192.0.2.0/'],
    ['a prefix with a leading zero', '192.0.2.0/024'],
    ['a mask', '192.0.2.0/255.255.255.0'],
    ['two prefixes', '192.0.2.0/24/24'],
    ['a sign', '192.0.2.0/+24'],
    ['a zone', 'fe80::1%eth0'],
    ['a zone and a prefix', 'fe80::%eth0/64'],
    ['a leading zero, octal to some', '010.0.0.1'],
    ['three bytes', '10.0.1'],
    ['a number', '3232235521'],
    ['a space', ' 192.0.2.1'],
    ['a name', 'localhost'],
    ['brackets', '[::1]'],
    ['nothing', ''],
    ['a long text', '1'.repeat(1_000_000)],
    ['another type', 7],
    ['a list', ['192.0.2.1']],
  ])('refuses %s', (_, text) => {
    expect(parseNetwork(text)).toBeNull()
  })

  it('reads what it formats as the same network, for any network', () => {
    fc.assert(
      fc.property(addresses, fc.nat(128), (address, asked) => {
        const parsed = parseAddress(address)
        if (parsed === null) return
        const bits = asked % (parsed.width + 1)
        const cut = BigInt(parsed.width - bits)
        const network = { width: parsed.width, value: (parsed.value >> cut) << cut, bits }
        const text = formatNetwork(network)
        expect(parseNetwork(text)).toEqual(network)
        expect(normal(text)).toBe(text)
      }),
    )
  })

  it('formats IPv6 as RFC 5952 has it, as URLs do', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const parsed = parseNetwork(address)
        if (parsed?.width !== 128) return
        expect(`[${formatNetwork(parsed).slice(0, -'/128'.length)}]`).toBe(new URL(`http://[${address}]`).hostname)
      }),
    )
  })
})

describe('parseAddress', () => {
  it('takes what Node takes for an address without a zone, and nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(50), addresses, fc.stringMatching(/^[0-9a-f:.%/]{0,46}$/)), (text) => {
        expect(parseAddress(text) !== null).toBe(isIP(text) !== 0 && !text.includes('%'))
        expect(isAddress(text)).toBe(parseAddress(text) !== null)
      }),
    )
  })

  it.each([undefined, null, 7, {}, ['10.0.0.1'], Promise.resolve('10.0.0.1')])('takes no %s', (value) => {
    expect(parseAddress(value)).toBeNull()
    expect(isAddress(value)).toBe(false)
  })
})

describe('holds', () => {
  it.each([
    ['192.0.2.0', '192.0.2.0/24', true],
    ['192.0.2.255', '192.0.2.0/24', true],
    ['192.0.3.0', '192.0.2.0/24', false],
    ['255.255.255.255', '255.255.255.254/31', true],
    ['::ffff:192.0.2.7', '192.0.2.0/24', true],
    ['192.0.2.7', '::ffff:192.0.2.0/120', true],
    ['192.0.2.7', '::/0', false],
    ['::ffff:192.0.2.7', '::/0', false],
    ['::192.0.2.7', '0.0.0.0/0', false],
    ['2001:db8:ffff::1', '2001:db8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['fe80::1%eth0', 'fe80::/10', false],
  ])('finds %s in %s: %s', (address, network, expected) => {
    expect(isIn(address, network)).toBe(expected)
  })

  it('agrees with the BlockList of Node, for any address and network of one family', () => {
    const pairs = fc.oneof(fc.tuple(fc.ipV4(), fc.ipV4()), fc.tuple(fc.ipV6(), fc.ipV6()))
    fc.assert(
      fc.property(pairs, fc.nat(128), ([address, base], asked) => {
        const [parsed, start] = [parseAddress(address), parseAddress(base)]
        const isOne = parsed !== null && start !== null && parsed.width === start.width
        if (!isOne || (address.includes(':') && parsed.width === 32)) return
        const bits = asked % (parsed.width + 1)
        const cut = BigInt(parsed.width - bits)
        const family = parsed.width === 32 ? 'ipv4' : 'ipv6'
        const nodes = new BlockList()
        nodes.addSubnet(base, bits, family)
        const network = { width: parsed.width, value: (start.value >> cut) << cut, bits }
        expect(holds(network, parsed)).toBe(nodes.check(address, family))
      }),
    )
  })

  it('holds a network that is no wider, and none that is', () => {
    const of = (text: string) => parseNetwork(text) ?? expect.fail(text)
    expect(holds(of('10.0.0.0/8'), of('10.1.0.0/16'))).toBe(true)
    expect(holds(of('10.0.0.0/8'), of('10.0.0.0/8'))).toBe(true)
    expect(holds(of('10.0.0.0/8'), of('10.0.0.0/7'))).toBe(false)
    expect(holds(of('10.0.0.0/8'), of('11.0.0.0/16'))).toBe(false)
    expect(holds(of('0.0.0.0/0'), of('::/0'))).toBe(false)
  })
})
