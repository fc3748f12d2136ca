import { isIPv4, isIPv6 } from 'node:net'

/** One address, or with `bits` the block of addresses with the same first bits. IPv4-mapped IPv6 addresses are IPv4. */
export interface Address {
  readonly width: 32 | 128
  readonly value: bigint
}

export interface Network extends Address {
  readonly bits: number
}

const LONGEST_ADDRESS = 'ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255'.length
const LONGEST_NETWORK = LONGEST_ADDRESS + '/128'.length
const BITS = /^(?:0|[1-9][0-9]{0,2})$/
const MAPPED = 0xff_ffn
const MAPPED_BITS = 96

/**
 * Reads an IPv4 or IPv6 address; `null` for anything else, and for one with a zone: a zone has another meaning on each
 * host.
 */
export function parseAddress(text: unknown): Address | null {
  if (typeof text !== 'string' || text.length > LONGEST_ADDRESS || text.includes('%')) return null
  if (isIPv4(text)) return { width: 32, value: valueOfIPv4(text) }
  if (!isIPv6(text)) return null
  const value = valueOfIPv6(text)
  return value >> 32n === MAPPED ? { width: 32, value: BigInt.asUintN(32, value) } : { width: 128, value }
}

/** Whether a text is an IPv4 or IPv6 address, without a zone. */
export function isAddress(text: unknown): text is string {
  return parseAddress(text) !== null
}

/**
 * Reads a block in CIDR notation, or a single address.
 *
 * @returns `null` for anything else, and for a block with bits beyond its prefix: `10.1.2.3/8` may mean one address or
 *   sixteen million.
 */
export function parseNetwork(text: unknown): Network | null {
  if (typeof text !== 'string' || text.length > LONGEST_NETWORK) return null
  const [written = '', prefix, ...rest] = text.split('/')
  const address = parseAddress(written)
  if (address === null || rest.length > 0) return null
  const { width, value } = address
  if (prefix === undefined) return { width, value, bits: width }
  if (!BITS.test(prefix)) return null
  const bits = Number(prefix) - (width === 32 && written.includes(':') ? MAPPED_BITS : 0)
  const isBlock = bits >= 0 && bits <= width && BigInt.asUintN(width - bits, value) === 0n
  return isBlock ? { width, value, bits } : null
}

/**
 * Whether a block contains an address or another block. None contains any of the other family: `::/0` contains no IPv4.
 */
export function holds({ width, value, bits }: Network, other: Address | Network): boolean {
  if (other.width !== width || ('bits' in other && other.bits < bits)) return false
  return (value ^ other.value) >> BigInt(width - bits) === 0n
}

/** In CIDR notation, each block in one way: IPv6 as RFC 5952 has it. */
export function formatNetwork({ width, value, bits }: Network): string {
  return `${width === 32 ? formatIPv4(value) : formatIPv6(value)}/${bits}`
}

function valueOfIPv4(text: string): bigint {
  return BigInt(text.split('.').reduce((value, byte) => value * 256 + Number(byte), 0))
}

function valueOfIPv6(text: string): bigint {
  const [front = '', back = ''] = text.split('::').map(hexOfGroups)
  return BigInt(`0x${front}${back.padStart(32 - front.length, '0')}`)
}

function hexOfGroups(groups: string): string {
  const hexOf = (group: string) => (group.includes('.') ? valueOfIPv4(group).toString(16).padStart(8, '0') : group)
  return groups === ''
    ? ''
    : groups
        .split(':')
        .map((group) => hexOf(group).padStart(4, '0'))
        .join('')
}

function formatIPv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')
}

function formatIPv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, group) => (value >> BigInt(112 - 16 * group)) & MAPPED)
  const text = groups.map((group) => group.toString(16)).join(':')
  const runs = [...text.matchAll(/\b0(?::0)+\b/g)].sort(([a], [b]) => b.length - a.length)
  const [longest] = runs
  if (longest === undefined) return text
  const end = longest.index + longest[0].length
  return `${text.slice(0, longest.index).replace(/:$/, '')}::${text.slice(end).replace(/^:/, '')}`
}
