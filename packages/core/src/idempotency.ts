import { createHash } from 'node:crypto'
import { TokenError, invalidParameter } from './errors.ts'
import type { Idempotency } from './store-steps.ts'

/** Makes a change have its effect once in 24 hours, however often it is asked for. */
export interface IdempotentOptions {
  /** 1 to 255 visible ASCII characters, of the caller's choice. The same key with another request is refused. */
  readonly idempotencyKey?: string | undefined
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/
const KEPT_MS = 24 * 60 * 60 * 1000

/** @throws TokenError `invalid_parameter` */
export function checkIdempotencyKey(key: unknown): void {
  if (key === undefined || (typeof key === 'string' && IDEMPOTENCY_KEY.test(key))) return
  throw invalidParameter('idempotencyKey', '1 to 255 visible ASCII characters')
}

/**
 * What the store tells requests under one key apart by.
 *
 * @param facts Everything that the effect depends on, the operation first.
 */
export function idempotencyOf(key: string | undefined, facts: readonly unknown[], now: number): Idempotency | null {
  checkIdempotencyKey(key)
  if (key === undefined) return null
  const fingerprint = createHash('sha256').update(JSON.stringify(facts)).digest('base64url')
  return { key, fingerprint, expiresAt: now + KEPT_MS }
}

export function idempotencyConflict(): TokenError {
  return new TokenError('idempotency_conflict', 'the idempotency key was used with another request')
}
