import { checkOptions, isBoolean, wholeNumber } from '@tessera/core'

export interface RedisStoreOptions {
  /** What the name of every key starts with: 1 to 64 of `[A-Za-z0-9_:./-]`. Default `tessera:`. */
  readonly keyPrefix?: string
  /** How long an operation may take before it rejects. Default 1,000. */
  readonly deadlineMs?: number
  /** How many replicas must have a change before it is acknowledged. Default 0: a failover may lose it. */
  readonly minReplicas?: number
  /** How many of the latest changes the change feed keeps; a cache that fell further behind empties itself. Default 2,000. */
  readonly changesKept?: number
  /** Accepts a server that evicts keys at random when its memory is full, tokens among them. Default false. */
  readonly allowEviction?: boolean
}

export interface Settings {
  readonly keyPrefix: string
  readonly deadlineMs: number
  readonly minReplicas: number
  readonly changesKept: number
  readonly allowEviction: boolean
}

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
    allowEviction: { right: 'a boolean', test: isBoolean },
  })
  return {
    keyPrefix: options.keyPrefix ?? 'tessera:',
    deadlineMs: options.deadlineMs ?? 1_000,
    minReplicas: options.minReplicas ?? 0,
    changesKept: options.changesKept ?? 2_000,
    allowEviction: options.allowEviction ?? false,
  }
}
