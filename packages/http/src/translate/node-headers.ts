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
 * @param only Lower-case names to read, and no others: `gateHeaders` gives those of a gate. Default all.
 */
export function nodeHeaders(req: NodeHeaders, only?: readonly string[]): HttpHeaders {
  const { rawHeaders = [], headers } = req
  if (only !== undefined) return onlyThese(only, rawHeaders, headers)
  const arrived = valuesIn(rawHeaders)
  const current: Values = Object.create(null)
  for (const [name, now] of Object.entries(headers)) {
    const key = name.toLowerCase()
    if (now !== undefined) current[key] = asNow(now, arrived[key])
  }
  // Node itself keeps none of this name in `headers`.
  const { [PROTO]: values } = arrived
  if (values !== undefined) current[PROTO] = values
  return current
}

const NONE: readonly string[] = []
const PROTO = '__proto__'

type Values = Record<string, readonly string[] | undefined>

/** Made for each authentication: it sorts nothing and copies no name. */
function onlyThese(
  names: readonly string[],
  rawHeaders: readonly string[],
  headers: NodeHeaders['headers'],
): HttpHeaders {
  const found: Values = {}
  for (const name of names) {
    const now = headers[name]
    if (now === undefined) continue
    const arrived = valuesOf(rawHeaders, name)
    // A value that did not arrive has to be the object's own: a polluted prototype is no header.
    if (now === arrived[0] || Object.hasOwn(headers, name)) found[name] = asNow(now, arrived)
  }
  return found
}

function valuesOf(rawHeaders: readonly string[], name: string): readonly string[] {
  let values: string[] | null = null
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const each = rawHeaders[at] ?? ''
    if (each.length !== name.length || (each !== name && each.toLowerCase() !== name)) continue
    const value = rawHeaders[at + 1] ?? ''
    if (values === null) values = [value]
    else values.push(value)
  }
  return values ?? NONE
}

function valuesIn(rawHeaders: readonly string[]): Values {
  const found: Record<string, string[] | undefined> = Object.create(null)
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    const value = rawHeaders[at + 1] ?? ''
    const values = found[name]
    if (values === undefined) found[name] = [value]
    else values.push(value)
  }
  return found
}

/** What arrived, unless the app or the platform has set something else. */
function asNow(now: string | readonly string[], arrived: readonly string[] = []): readonly string[] {
  if (isAsArrived(now, arrived)) return arrived
  return Array.isArray(now) ? now.map(String) : [String(now)]
}

/** Node keeps the first value, or joins them. */
function isAsArrived(now: string | readonly string[], values: readonly string[]): boolean {
  if (now === values[0]) return true
  if (Array.isArray(now)) return now.length === values.length && now.every((value, at) => value === values[at])
  return values.length > 1 && (now === values.join(', ') || now === values.join('; '))
}
