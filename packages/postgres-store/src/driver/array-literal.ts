const ESCAPED = /["\\]/

/**
 * A `text[]` as PostgreSQL reads it, the same with every driver.
 *
 * @see https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function arrayLiteral(texts: readonly string[]): string {
  return `{${texts.map(quoted).join(',')}}`
}

function quoted(text: string): string {
  return ESCAPED.test(text) ? `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"` : `"${text}"`
}
