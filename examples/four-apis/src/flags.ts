import { parseArgs } from 'node:util'
import type { Freshness } from '@tessera/cached-store'

export interface Flags {
  readonly port: number
  readonly store: string
  readonly cache: Freshness
  /** The length of a lease in milliseconds; `null` without leases. */
  readonly leaseMs: number | null
  /** `null` for no limit. */
  readonly activeLimit: number | null
  readonly seed: boolean
  readonly json: boolean
}

/** A flag that cannot be used; the message is one line for the person who typed it. */
export class FlagError extends Error {}

/** @throws FlagError for an unknown flag or value */
export function readFlags(args: readonly string[]): Flags {
  const values = parse(args)
  const cache = readFreshness(values.cache)
  const leaseMs = readInteger('--lease-ms', values['lease-ms'] ?? '100', 10_000)
  if (leaseMs < 10) throw new FlagError(`--lease-ms must be an integer from 10 to 10000, got "${leaseMs}"`)
  const activeLimit = readInteger('--active-limit', values['active-limit'], Number.MAX_SAFE_INTEGER)
  return {
    port: readInteger('--port', values.port, 65_535),
    store: values.store,
    cache,
    // Without leases in its cache, a process may still have to wait for those of others.
    leaseMs: cache === 'leased' || values['lease-ms'] !== undefined ? leaseMs : null,
    activeLimit: activeLimit === 0 ? null : activeLimit,
    seed: !values['no-seed'],
    json: values.json,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '3000' },
        store: { type: 'string', default: 'memory:' },
        cache: { type: 'string', default: 'none' },
        'lease-ms': { type: 'string' },
        'active-limit': { type: 'string', default: '25' },
        'no-seed': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new FlagError(error instanceof Error ? error.message.split('. ')[0] : 'the flags cannot be read')
  }
}

function readFreshness(mode: string): Freshness {
  if (mode === 'none' || mode === 'confirmed' || mode === 'leased') return mode
  const [, ms] = /^bounded:(\d{1,7})$/.exec(mode) ?? []
  const maxStalenessMs = Number(ms)
  if (maxStalenessMs >= 1 && maxStalenessMs <= 3_600_000) return { maxStalenessMs }
  throw new FlagError(`--cache must be none, confirmed, leased or bounded:MS with MS from 1 to 3600000, got "${mode}"`)
}

function readInteger(flag: string, text: string, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!(value <= most)) throw new FlagError(`${flag} must be an integer from 0 to ${most}, got "${text}"`)
  return value
}
