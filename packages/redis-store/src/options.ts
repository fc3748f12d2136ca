import { checkOptions, wholeNumber } from '@tessera/core'

export interface RedisStoreOptions {
  /** What the name of every key starts with: 1 to 64 of `[A-Za-z0-9_:./-]`. Default `tessera:`. */
  readonly keyPrefix?: string
  /** How long an operation may take before it rejects. Default 1,000. */
  readonly deadlineMs?: number
  /**
   * How many replicas must have a change before it is acknowledged, and must confirm that a primary still leads when it is
   * read. Default 0: a failover may lose a change, and a primary that was deposed may answer whoever stays connected to it.
   */
  readonly minReplicas?: number
  /** How many of the latest changes the change feed keeps; a cache that fell further behind empties itself. Default 2,000. */
  readonly changesKept?: number
  /**
   * How far a process's clock may run ahead of a Redis server's. One that runs further ahead prunes nothing, and frees no
   * idempotency key early. Default 60,000.
   */
  readonly clockToleranceMs?: number
}

export interface Settings {
  readonly keyPrefix: string
  readonly deadlineMs: number
  readonly minReplicas: number
  readonly changesKept: number
  readonly clockToleranceMs: number
}

/** A hundred years: the clocks are not compared, as where tests live in a time of their own. */
const MOST_TOLERANCE_MS = 36_500 * 24 * 60 * 60 * 1000

/** @throws TypeError that names the option that is unknown or wrong */
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
  })
  return {
    keyPrefix: options.keyPrefix ?? 'tessera:',
    deadlineMs: options.deadlineMs ?? 1_000,
    minReplicas: options.minReplicas ?? 0,
    changesKept: options.changesKept ?? 2_000,
    clockToleranceMs: options.clockToleranceMs ?? 60_000,
  }
}
