import type { OptionRule } from '@tessera/core'
import type { HttpRequest } from '../message/message.ts'
import { Problem } from '../message/problem.ts'

/** Methods that change nothing (RFC 9110 §9.2.1). */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])
const OWN: ReadonlySet<string> = new Set(['same-origin', 'none'])
const DEFAULT_PORT = /:(?:80|443)$/

/** The origins of other sites that may ask for changes. */
export const originsRule: OptionRule = {
  right: 'a list of origins such as https://app.example.com',
  test: (value) => Array.isArray(value) && value.every(isOrigin),
}

/**
 * Refuses a change that a page of another site asks for: a browser adds the session's cookie by itself. Clients that are no
 * browsers send none of these headers, and pass.
 *
 * - `Sec-Fetch-Site` decides if there is one: `same-origin`, or `none` for what the user entered.
 * - Else `Origin` must be of the `Host` asked. A page without a referrer sends `null`, which is nobody's.
 *
 * @param origins Those of other sites that may ask, e.g. a front end on a host of its own.
 * @returns `null` if the request may go on.
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function otherSite(
  { method, headers }: Pick<HttpRequest, 'method' | 'headers'>,
  origins: readonly string[] = [],
): Problem | null {
  if (SAFE.has(method)) return null
  const { 'sec-fetch-site': sites, origin: from } = headers
  if (from?.length === 1 && origins.includes(from[0] ?? '')) return null
  const isOwn = sites === undefined ? isOfHost(from, headers) : sites.every((site) => OWN.has(site))
  return isOwn ? null : new Problem('forbidden', 'The request comes from another site.')
}

/** The scheme is not compared: a proxy may speak TLS for the app. */
function isOfHost(origins: readonly string[] | undefined, headers: HttpRequest['headers']): boolean {
  if (origins === undefined) return true
  const [host] = headers['host'] ?? headers[':authority'] ?? []
  return (
    host !== undefined && origins.every((origin) => hostOf(origin) === host.toLowerCase().replace(DEFAULT_PORT, ''))
  )
}

function hostOf(origin: string): string | null {
  return /^https?:/.test(origin) && URL.canParse(origin) ? new URL(origin).host.replace(DEFAULT_PORT, '') : null
}

function isOrigin(value: unknown): boolean {
  return typeof value === 'string' && /^https?:/.test(value) && URL.canParse(value) && new URL(value).origin === value
}
