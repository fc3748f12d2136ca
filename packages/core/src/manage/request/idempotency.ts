import { createHash } from 'node:crypto'
import type { Idempotency } from '../../steps/decision/decision.ts'
import { DAY_MS } from '../../token/day.ts'
import { TokenError, invalidParameter } from '../../token/errors.ts'

/** Makes a change have its effect once in 24 hours, however often it is asked for. */
export interface IdempotentOptions {
  /** 1 to 255 visible ASCII characters, of the caller's choice. The same key with another request is refused. */
  readonly idempotencyKey?: string | undefined
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/

/**
 * The number of keys of an owner. Steps that end or suspend tokens may use some more: they must not wait for a key to
 * expire.
 */
const MOST_KEYS = 10_000
const MOST_KEYS_TO_END = 11_000
const ENDING: readonly string[] = ['revoke', 'revokeAll', 'suspend']

/** @throws TokenError `invalid_parameter` */
export function checkIdempotencyKey(key: unknown): void {
  if (key === undefined || (typeof key === 'string' && IDEMPOTENCY_KEY.test(key))) return
  throw invalidParameter('idempotencyKey', '1 to 255 visible ASCII characters')
}

/**
 * Makes the fingerprint of a request: requests under one key are the same if theirs are.
 *
 * @param parts Names everything that the effect depends on, the operation first. Called only if there is a key.
 */
export function idempotencyOf(
  key: string | undefined,
  parts: () => readonly [operation: string, ...facts: unknown[]],
  now: number,
): Idempotency | null {
  checkIdempotencyKey(key)
  if (key === undefined) return null
  const request = parts()
  const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('base64url')
  const limit = ENDING.includes(request[0]) ? MOST_KEYS_TO_END : MOST_KEYS
  return { key, fingerprint, expiresAt: now + DAY_MS, limit }
}

/** Why a key does not let a request have its effect. */
export function refusalByKey(outcome: 'idempotency_conflict' | 'idempotency_limit_reached'): TokenError {
  if (outcome === 'idempotency_conflict')
    return new TokenError(outcome, 'the idempotency key was used with another request')
  const message = `the owner holds ${MOST_KEYS.toLocaleString('en')} idempotency keys, and each is kept for 24 hours`
  return new TokenError(outcome, message, { limit: MOST_KEYS })
}
