import { isString } from '@tessera/core'
import type { OptionRule } from '@tessera/core'

const UNRESERVED = /[A-Za-z0-9._~-]/

/** The valid names of an issuer, a resource or an endpoint. */
export const urlRule: OptionRule = {
  right: 'an https URL in its normal form (http on a loopback address only), without credentials, query and fragment',
  test: isIdentifier,
}

// Clients compare names character by character (RFC 8414 §3.3), so only the normal form is one.
function isIdentifier(value: unknown): boolean {
  if (!isString(value) || !URL.canParse(value)) return false
  const url = new URL(value)
  const normal = normalizeUrl(`${url.origin}${url.pathname}`)
  return (value === normal || `${value}/` === normal) && isTamperProof(url)
}

/**
 * The normal form of an absolute URL: lower-case scheme and host, no default port, `/` for an empty path, no dot segments,
 * upper-case escapes, and none of a character that needs none.
 *
 * @returns The text itself, if it is no URL.
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
 */
export function normalizeUrl(text: string): string {
  if (!URL.canParse(text)) return text
  return new URL(text).href.replaceAll(/%[0-9a-f]{2}/gi, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
    return UNRESERVED.test(character) ? character : escape.toUpperCase()
  })
}

/** Whether nobody on the way can change what is read from a URL: `https`, or `http` on a loopback address. */
export function isTamperProof({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}
