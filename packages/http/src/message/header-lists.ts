import type { HttpHeaders, HttpRequest } from './message.ts'

/** Headers of the web, as far as reading takes. */
interface WebHeaders extends Iterable<readonly [string, string]> {
  get(name: string): string | null
}

/** Headers as any platform has them: texts, or lists of texts, by names in any case; or `Headers` of the web. */
export type AnyHeaders = HttpHeaders | Readonly<Record<string, string | readonly string[] | undefined>> | WebHeaders

/**
 * The same headers as lists by lower-case name. Headers that are so already are returned as they are.
 *
 * @param only Lower-case names to read of `Headers` of the web, and no others. Default all.
 * @throws TypeError for anything but headers, such as the whole request, and for a value that is no text
 */
export function headerLists(headers: AnyHeaders, only?: readonly string[]): HttpHeaders {
  if (typeof headers !== 'object' || headers === null) throw notHeaders()
  if (isWeb(headers)) return collected(entriesOf(headers, only).flatMap(apart))
  const entries = Object.entries(headers)
  if (entries.every(isAsList)) return headers as HttpHeaders
  if (typeof Reflect.get(headers, 'headers') === 'object') throw notHeaders()
  return collected(entries)
}

const NAME = "[\\w!#$%&'*+.^`|~-]+"
/** Some platforms join with a semicolon. */
const SECOND = /,|; bearer(?: |$)/i
const SCHEME = new RegExp(`^${NAME} +`)
const PARAMETER = new RegExp(`[ \\t]*(?:${NAME}[ \\t]*=[ \\t]*(?:"(?:[^"\\\\]|\\\\.)*"|[^",\\s]+)[ \\t]*)?(?:,|$)`, 'y')

/** `Headers` join two `Authorization` to one text, in which the second would go unseen. */
function apart([name, value]: readonly [string, string]): readonly (readonly [string, string])[] {
  return name.toLowerCase() === 'authorization' ? credentialsIn(value).map((each) => [name, each]) : [[name, value]]
}

/** A Bearer token with a comma stays one: it is malformed, however the rest came there. */
function credentialsIn(value: string): readonly string[] {
  const second = value.search(SECOND)
  if (second === -1 || /^bearer /i.test(value) || isCredential(value)) return [value]
  return [value.slice(0, second), value.slice(second + 1).trim()]
}

/**
 * Whether it is one scheme with a list of parameters, such as those of Digest.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.4
 */
function isCredential(value: string): boolean {
  const scheme = SCHEME.exec(value)
  let end = scheme === null ? -1 : scheme[0].length
  while (end >= 0 && end < value.length) {
    PARAMETER.lastIndex = end
    end = PARAMETER.test(value) ? PARAMETER.lastIndex : -1
  }
  return end === value.length
}

/** A request of an adapter, with its headers as handlers read them. */
export function withHeaderLists(request: HttpRequest): HttpRequest {
  const headers = headerLists(request.headers)
  return headers === request.headers ? request : { ...request, headers, readBody: () => request.readBody() }
}

function entriesOf(headers: WebHeaders, only?: readonly string[]): readonly (readonly [string, string])[] {
  if (only === undefined) return [...headers]
  // The web has no pseudo-headers of HTTP/2, and refuses their names.
  const names = only.filter((name) => !name.startsWith(':'))
  return names.map((name) => [name, headers.get(name)] as const).filter(isThere)
}

function isThere(entry: readonly [string, string | null]): entry is readonly [string, string] {
  return entry[1] !== null
}

function isWeb(headers: object): headers is WebHeaders {
  return typeof Reflect.get(headers, 'get') === 'function' && Symbol.iterator in headers
}

function isAsList([name, value]: readonly [string, unknown]): boolean {
  return (value === undefined || Array.isArray(value)) && name === name.toLowerCase()
}

function collected(entries: Iterable<readonly [string, unknown]>): HttpHeaders {
  // Without a prototype, so that `__proto__` is a header like any other.
  const lists = Object.create(null) as Record<string, readonly string[]>
  for (const [name, value] of entries) {
    if (value === undefined || value === null) continue
    const known = lists[name.toLowerCase()] ?? []
    lists[name.toLowerCase()] = [...known, ...textsOf(name, value)]
  }
  return lists
}

function textsOf(name: string, value: unknown): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (texts.every((text): text is string => typeof text === 'string')) return texts
  throw new TypeError(`headers: the value of "${name}" must be a text, or a list of texts`)
}

function notHeaders(): TypeError {
  return new TypeError(
    'headers must be those of the request: an object of texts or lists of texts, or Headers of the web',
  )
}
