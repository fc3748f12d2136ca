import { readFileSync, readdirSync } from 'node:fs'

/** One migration: from the layout before its own number. In it the schema is `tessera`. */
export type Script = string

const FOLDER = new URL('../../sql/', import.meta.url)
const NAME = /^\d{4}\.sql$/
const SCHEMA = /\btessera\b(?!\/)/g

/** All of them, the first one from nothing to layout 1. */
export function readScripts(): readonly Script[] {
  const names = readdirSync(FOLDER).filter((name) => NAME.test(name))
  return names.toSorted().map((name) => readFileSync(new URL(name, FOLDER), 'utf8'))
}

/** The script for another schema. */
export function scriptIn(schema: string, script: Script): string {
  return script.replaceAll(SCHEMA, `"${schema}"`)
}
