import { StoreError } from '@tessera/core'
import { causeOf } from './cause.ts'
import { sqlStateOf } from './sql-state.ts'

const DISK_FULL = '53100'

/** What to do about an error of the server, by its SQLSTATE. */
const REPAIRS: ReadonlyMap<string, string> = new Map([
  ...['42P01', '42883', '3F000', '42703'].map(
    (state) =>
      [state, 'the tables or functions are missing, or of another layout: ask ready() for the migration'] as const,
  ),
  ['42501', 'the role lacks a privilege: ask ready() for the grant'],
  ['25006', 'the server is read-only, as a standby is: connect to the primary'],
])

/** The error of a failed operation. No cause holds a row or a parameter. */
export function storeErrorOf(operation: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const state = sqlStateOf(error)
  const cause = causeOf(error)
  const repair = REPAIRS.get(state ?? '')
  const named = repair === undefined ? cause : new Error(`postgresStore: ${repair}`, { cause })
  return new StoreError(operation, named, state === DISK_FULL ? 'store_full' : 'store_unavailable')
}
