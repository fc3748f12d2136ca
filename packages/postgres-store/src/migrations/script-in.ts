/** One migration: from the layout before its own number. In it the schema is `tessera`. */
export type Script = string

const SCHEMA = /\btessera\b(?!\/)/g

/** The script for another schema. */
export function scriptIn(schema: string, script: Script): string {
  return script.replaceAll(SCHEMA, `"${schema}"`)
}
