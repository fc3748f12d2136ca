import { readFileSync } from 'node:fs'

const FILE = new URL('../../sql/0001.sql', import.meta.url)

/** The SQL that makes the tables and functions in a schema. */
export function migrationSql({ schema = 'tessera' }: { readonly schema?: string | undefined } = {}): string {
  return readFileSync(FILE, 'utf8').replaceAll('{schema}', `"${schema}"`)
}
