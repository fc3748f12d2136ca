const MARKUP: unique symbol = Symbol('markup')

/** Markup that is safe to send. Only {@link html} and {@link trusted} make it. */
export interface Html {
  readonly [MARKUP]: string
}

/** Texts are escaped; `null`, `undefined` and `false` show nothing. */
export type Part = Html | string | number | null | undefined | false | readonly Part[]

/** Markup from a template. Every part that is a text is escaped, in elements and in quoted attributes alike. */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let markup = template[0] ?? ''
  for (const [index, part] of parts.entries()) markup += write(part) + (template[index + 1] ?? '')
  return trusted(markup)
}

/** Markup from the app or from a constant, as it is. */
export function trusted(markup: string): Html {
  return { [MARKUP]: markup }
}

export function markupOf(content: Html): string {
  return content[MARKUP]
}

function write(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return escape(part)
  return MARKUP in part ? part[MARKUP] : part.map(write).join('')
}

const SPECIAL = /[&<>"']/g
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
])
/** Control characters, and those that turn the direction of the text after them. */
const DECEIVING = /(?![\t\n])[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu

function escape(text: string): string {
  return text.replace(DECEIVING, '\uFFFD').replace(SPECIAL, (character) => ENTITIES.get(character) ?? '')
}
