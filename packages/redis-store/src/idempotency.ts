import type { Idempotency } from '@tessera/core'
import type { Argument } from './client.ts'
import { escapeText } from './compact-text.ts'

/** The last keys of a script that may be asked for under an idempotency key: `requests`, where it is. */
export function requestKeys(requests: string, idempotency: Idempotency | null): string[] {
  return idempotency === null ? [] : [requests]
}

/** Its last arguments, likewise. */
export function requestArguments(idempotency: Idempotency | null): Argument[] {
  if (idempotency === null) return []
  return [escapeText(idempotency.key), escapeText(idempotency.fingerprint), idempotency.expiresAt]
}
