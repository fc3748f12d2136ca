import { StoreError } from '@tessera/core'

const BUSY = 5
const LOCKED = 6
const FULL = 13

/** Whether another connection has the lock at this moment. */
export function isBusy(error: unknown): boolean {
  return hasCode(error, BUSY, 'SQLITE_BUSY') || hasCode(error, LOCKED, 'SQLITE_LOCKED')
}

/** The error to reject with, for `operation`. */
export function failureOf(operation: string, error: unknown): unknown {
  return hasCode(error, FULL, 'SQLITE_FULL') ? new StoreError(operation, error, 'store_full') : error
}

/** `node:sqlite` tells the extended number, the other drivers its name. */
function hasCode(error: unknown, number: number, name: string): boolean {
  if (!(error instanceof Error)) return false
  const { code, errcode } = error as { readonly code?: unknown; readonly errcode?: unknown }
  if (typeof errcode === 'number') return (errcode & 0xff) === number
  return typeof code === 'string' && (code === name || code.startsWith(`${name}_`))
}
