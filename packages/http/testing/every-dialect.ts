import { prefixedIds, timeOrderedIds, uuidIds } from '@tessera/core'
import type { IdFormat } from '@tessera/core'
import { cursor } from '../src/dialects/cursor.ts'
import type { Dialect } from '../src/dialects/dialect.ts'
import { offset } from '../src/dialects/offset.ts'
import { paged } from '../src/dialects/paged.ts'
import { plain } from '../src/dialects/plain.ts'
import { standard } from '../src/dialects/standard/standard.ts'

/** A dialect, the ids of its API, where its answers hold a single record, and what it calls an expiry. */
export interface DialectCase {
  readonly name: string
  readonly dialect: Dialect
  readonly ids: IdFormat
  readonly envelope: string
  readonly expiry: string
}

export const everyDialect: readonly DialectCase[] = [
  { name: 'plain', dialect: plain, ids: uuidIds, envelope: 'token', expiry: 'expiresAt' },
  { name: 'paged', dialect: paged, ids: prefixedIds('tok'), envelope: 'data', expiry: 'expires_at' },
  { name: 'standard', dialect: standard, ids: uuidIds, envelope: 'token', expiry: 'expiresAt' },
  { name: 'offset', dialect: offset, ids: timeOrderedIds, envelope: 'api_token', expiry: 'expires_at' },
  { name: 'cursor', dialect: cursor, ids: uuidIds, envelope: 'item', expiry: 'expires_at' },
]
