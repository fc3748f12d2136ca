import { DAY_MS, checkOptions, leaseRule, wholeNumber } from '@tessera/core'

export interface RedisStoreOptions {
  /** The start of every key's name: 1 to 64 of `[A-Za-z0-9_:./-]`. Default `tessera:`. */
  readonly keyPrefix?: string
  /** How long an operation may take before it rejects. Default 1,000. */
  readonly deadlineMs?: number
  /**
   * The number of replicas with a change before it is acknowledged, and the number that must confirm a primary's lead at
   * each read. Default 0: a failover may lose a change, and a deposed primary may answer clients still connected to it.
   */
  readonly minReplicas?: number
  /** The number of changes kept in the change feed. A cache further behind empties itself. Default 2,000. */
  readonly changesKept?: number
  /**
   * The lead of a process' clock over a Redis server's, at most. A process further ahead prunes nothing, and frees no
   * idempotency key early. Default 60,000.
   */
  readonly clockToleranceMs?: number
  /**
   * The length of a lease of caches with the freshness `leased`, 10 to 10,000. A revocation then takes 1.1 times as long. The
   * longest of all processes counts. Default none: no cache gets a lease here, and changes wait for those of others.
   */
  readonly leaseMs?: number
}

export interface Settings {
  readonly keyPrefix: string
  readonly deadlineMs: number
  readonly minReplicas: number
  readonly changesKept: number
  readonly clockToleranceMs: number
  readonly leaseMs: number | undefined
}

/** A hundred years: the clocks are not compared, for tests in a time of their own. */
const MOST_TOLERANCE_MS = 36_500 * DAY_MS

/** @throws TypeError for an unknown or wrong option, with its name */
export function settingsOf(options: RedisStoreOptions): Settings {
  checkOptions('redisStore', options, {
    keyPrefix: {
      right: '1 to 64 of [A-Za-z0-9_:./-]',
      test: (value) => typeof value === 'string' && /^[\w:./-]{1,64}$/.test(value),
    },
    deadlineMs: wholeNumber(1, 3_600_000, 'milliseconds'),
    minReplicas: wholeNumber(0, 100),
    changesKept: wholeNumber(1, 10_000),
    clockToleranceMs: wholeNumber(0, MOST_TOLERANCE_MS, 'milliseconds'),
    leaseMs: leaseRule,
  })
  return {
    keyPrefix: options.keyPrefix ?? 'tessera:',
    deadlineMs: options.deadlineMs ?? 1_000,
    minReplicas: options.minReplicas ?? 0,
    changesKept: options.changesKept ?? 2_000,
    clockToleranceMs: options.clockToleranceMs ?? 60_000,
    leaseMs: options.leaseMs,
  }
}
