import { invalidParameter } from './errors.ts'
import { formatNetwork, holds, parseAddress, parseNetwork } from './network.ts'
import type { Network } from './network.ts'

const MOST = 50
const LIST = `1 to ${MOST} networks, or null for any`
const NETWORKS = 'IPv4 or IPv6 networks such as 192.0.2.0/24, with no bit set after the prefix, or single addresses'

/** The records' own lists, read: a record keeps its list for as long as it lives. */
const read = new WeakMap<readonly string[], readonly Network[]>()

/**
 * The networks of a new token, each in one way and once; `null` for any.
 *
 * @param ceiling The issuer's networks: the token is bound to them, or to the requested ones inside them.
 * @throws TokenError `invalid_parameter`
 */
export function networksOf(
  requested: readonly string[] | null | undefined,
  ceiling: readonly string[] | null | undefined,
): readonly string[] | null {
  const most = ceiling === undefined || ceiling === null ? null : parsed('networkCeiling', ceiling)
  if (requested === undefined || (requested === null && most === null)) return most && most.map(formatNetwork)
  const networks = requested === null ? null : parsed('networks', requested)
  if (most !== null && networks?.every((network) => most.some((wide) => holds(wide, network))) !== true) {
    throw invalidParameter('networks', 'inside the networks of whoever issues')
  }
  return networks && [...new Set(networks.map(formatNetwork))]
}

/** Whether whoever may use networks within `ceiling` may use all of these; `null` stands for any network. */
export function areWithin(networks: readonly string[] | null, ceiling: readonly string[] | null): boolean {
  if (ceiling === null || networks === null) return ceiling === null
  const most = readOnce(ceiling)
  return readOnce(networks).every((network) => most.some((wide) => holds(wide, network)))
}

/** Whether one of a record's networks contains the address. An unreadable address is in none. */
export function allowsAddress(networks: readonly string[], ip: unknown): boolean {
  const address = parseAddress(ip)
  return address !== null && readOnce(networks).some((network) => holds(network, address))
}

function readOnce(networks: readonly string[]): readonly Network[] {
  const known = read.get(networks)
  if (known !== undefined) return known
  const fresh = networks.map(parseNetwork).filter((network) => network !== null)
  read.set(networks, fresh)
  return fresh
}

function parsed(parameter: string, networks: readonly string[]): readonly Network[] {
  const isList = Array.isArray(networks) && networks.length > 0 && networks.length <= MOST
  if (!isList) throw invalidParameter(parameter, LIST)
  return networks.map((text) => {
    const network = parseNetwork(text)
    if (network === null) throw invalidParameter(parameter, NETWORKS)
    return network
  })
}
