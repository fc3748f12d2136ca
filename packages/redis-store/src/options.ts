import { checkOptions, isBoolean } from '@tessera/core'

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
    deadlineMs: { right: 'a whole number of milliseconds, 1 to 3,600,000', test: isCountUpTo(1, 3_600_000) },
    minReplicas: { right: 'a whole number, 0 to 100', test: isCountUpTo(0, 100) },
    changesKept: { right: 'a whole number, 1 to 10,000', test: isCountUpTo(1, 10_000) },
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

function isCountUpTo(least: number, most: number): (value: unknown) => boolean {
  return (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most
}
