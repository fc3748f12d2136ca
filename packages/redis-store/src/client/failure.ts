import { StoreError } from '@tessera/core'
import { missingPermission } from './missing-permission.ts'

/**
 * The error of a failed operation. Only a full server has a code of its own. The client's error carries the arguments
 * of its command, with names and digests, and these must not reach logs.
 */
export function storeErrorOf(operation: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause
  if (cause instanceof Error) Reflect.deleteProperty(cause, 'command')
  const missing = cause instanceof Error ? missingPermission(cause) : null
  if (missing !== null) return new StoreError(operation, missing)
  return new StoreError(operation, cause, startsWith(cause, /^OOM\b/) ? 'store_full' : 'store_unavailable')
}

/** Whether the server does not have a script, as after a restart, a failover or SCRIPT FLUSH. */
export function isNoScript(error: unknown): boolean {
  return startsWith(error, /^NOSCRIPT\b/)
}

/** Whether the node did not carry the command out because its slot is, or will soon be, another node's. */
export function isRedirection(error: unknown): boolean {
  return startsWith(error, /^(?:MOVED|ASK|TRYAGAIN|CLUSTERDOWN)\b/)
}

/** Whether the server refuses writes for now, since it cannot save them or has too few replicas. */
export function refusesWrites(error: unknown): boolean {
  return startsWith(error, /^(?:MISCONF|NOREPLICAS)\b/)
}

/** Whether a primary lacks replicas for a moment, or was replaced just now. */
export function passesSoon(error: unknown): boolean {
  return startsWith(error, /^(?:NOREPLICAS|UNCONFIRMED)\b/)
}

/** Whether the answering server is a replica, or has lost its replicas: another one may be the primary. */
export function isDeposed(error: unknown): boolean {
  return startsWith(
    error,
    /^(?:READONLY|NOREPLICAS|UNCONFIRMED|UNBLOCKED)\b|^only \d+ of \d+ replicas |^redisStore: the server is a replica/,
  )
}

/** Whether there was no answer in time. */
export function isLate(error: unknown): boolean {
  return startsWith(error instanceof StoreError ? error.cause : error, /^no answer within/)
}

function startsWith(error: unknown, code: RegExp): boolean {
  return error instanceof Error && code.test(error.message)
}
