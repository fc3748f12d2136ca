import type { HttpHeaders } from '../message/message.ts'

/** The headers of a request of Node, or of what a platform passes off as one. */
export interface NodeHeaders {
  /** Names and values in turn, as they arrived. Missing or empty on some platforms. */
  readonly rawHeaders?: readonly string[] | undefined
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/**
 * The headers of an `HttpRequest`, each value as it arrived: `headers` keeps only the first of two `Authorization`.
 *
 * - A name that `rawHeaders` lack is taken from `headers`: platforms without a connection fill only those.
 * - A header that the app's middleware has set or deleted in `headers` counts as it is there.
 *
 * @param only Lower-case names to read, and no others: a gate needs `gateHeaders`. Default all.
 */
export function nodeHeaders({ rawHeaders = [], headers }: NodeHeaders, only?: readonly string[]): HttpHeaders {
  const arrived = valuesIn(rawHeaders, only)
  const current: Values = Object.create(null)
  for (const name of only ?? Object.keys(headers)) {
    const now = Object.hasOwn(headers, name) ? headers[name] : undefined
    if (now === undefined) continue
    const key = name.toLowerCase()
    const values = arrived[key]
    current[key] = values !== undefined && isAsArrived(now, values) ? values : textsOf(now)
  }
  // Node itself keeps none of this name in `headers`.
  const { [PROTO]: values } = arrived
  if (values !== undefined) current[PROTO] = values
  return current
}

const PROTO = '__proto__'

type Values = Record<string, readonly string[] | undefined>

function valuesIn(rawHeaders: readonly string[], only: readonly string[] | undefined): Values {
  const found: Record<string, string[] | undefined> = Object.create(null)
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    // A look at the length spares most names a copy.
    if (only?.some((each) => each.length === name.length) === false) continue
    const key = name.toLowerCase()
    if (only?.includes(key) === false) continue
    const value = rawHeaders[at + 1] ?? ''
    const values = found[key]
    if (values === undefined) found[key] = [value]
    else values.push(value)
  }
  return found
}

/** Node keeps the first value, or joins them. */
function isAsArrived(now: string | readonly string[], values: readonly string[]): boolean {
  if (now === values[0]) return true
  if (Array.isArray(now)) return now.length === values.length && now.every((value, at) => value === values[at])
  return values.length > 1 && (now === values.join(', ') || now === values.join('; '))
}

function textsOf(value: string | readonly string[]): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [String(value)]
}
