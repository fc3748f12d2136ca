import { overError } from './driver.ts'
import type { Driver } from './driver.ts'

/** The part of a PGlite in use. */
export interface Pglite {
  query(text: string, values: unknown[], options: object): Promise<{ readonly rows: readonly unknown[] }>
  exec(text: string): Promise<unknown>
  runExclusive(...args: never[]): unknown
}

const asTold = (value: unknown) => value
const PARAMETER_TYPES = { text: 25, bigint: 20, int: 23, 'text[]': 1009 }
const AS_TEXT = {
  rowMode: 'array',
  parsers: { [PARAMETER_TYPES.text]: asTold },
  serializers: Object.fromEntries(Object.values(PARAMETER_TYPES).map((type) => [type, asTold])),
}

export function pgliteDriver(database: Pglite): Driver {
  return async ({ text, values }, patience) => {
    if (patience.isOver) throw overError()
    const { rows } = await database.query(text, [...values], AS_TEXT)
    return rows.map((row) => (Array.isArray(row) ? (row[0] as unknown) : undefined))
  }
}
