import { prefixedIds, timeOrderedIds, uuidIds } from '@tessera/core'
import type { IdFormat } from '@tessera/core'
import type { Dialect } from '../src/dialect.ts'
import { cursor } from '../src/dialects/cursor.ts'
import { offset } from '../src/dialects/offset.ts'
import { paged } from '../src/dialects/paged.ts'
import { plain } from '../src/dialects/plain.ts'

/** A dialect, the ids of its API, and where its answers hold a single record. */
export interface DialectCase {
  readonly name: string
  readonly dialect: Dialect
  readonly ids: IdFormat
  readonly envelope: string
}

export const everyDialect: readonly DialectCase[] = [
  { name: 'plain', dialect: plain, ids: uuidIds, envelope: 'token' },
  { name: 'paged', dialect: paged, ids: prefixedIds('tok'), envelope: 'data' },
  { name: 'offset', dialect: offset, ids: timeOrderedIds, envelope: 'api_token' },
  { name: 'cursor', dialect: cursor, ids: uuidIds, envelope: 'item' },
]
