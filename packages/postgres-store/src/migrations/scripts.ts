import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One migration: from the layout before its own number. In it the schema is `tessera`. */
export type Script = string

const NAME = /^\d{4}\.sql$/
const SCHEMA = /\btessera\b(?!\/)/g

/**
 * All of them, the first one from nothing to layout 1. A store itself reads none: only a migration does, so an app may be
 * bundled.
 *
 * @throws Error inside a bundle, which has no files of the package
 */
export function readScripts(): readonly Script[] {
  try {
    const folder = join(fileURLToPath(import.meta.url), '../../../sql')
    const names = readdirSync(folder).filter((name) => NAME.test(name))
    return names.toSorted().map((name) => readFileSync(join(folder, name), 'utf8'))
  } catch (cause) {
    throw new Error('postgresStore: run migrations from node_modules, not from a bundle: the SQL is in files', {
      cause,
    })
  }
}

/** The script for another schema. */
export function scriptIn(schema: string, script: Script): string {
  return script.replaceAll(SCHEMA, `"${schema}"`)
}
