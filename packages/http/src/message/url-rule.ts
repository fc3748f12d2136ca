import { isString } from '@tessera/core'
import type { OptionRule } from '@tessera/core'

/** The valid names of an issuer, a resource or an endpoint. */
export const urlRule: OptionRule = {
  right: 'an https URL in its normal form (http on a loopback address only), without credentials, query and fragment',
  test: isIdentifier,
}

// Clients compare names character by character (RFC 8414 §3.3), so only the form that URL parsers write is one.
function isIdentifier(value: unknown): boolean {
  if (!isString(value) || !URL.canParse(value)) return false
  const url = new URL(value)
  const normal = `${url.origin}${url.pathname}`
  return (value === normal || `${value}/` === normal) && isTamperProof(url)
}

/** Whether nobody on the way can change what is read from a URL: `https`, or `http` on a loopback address. */
export function isTamperProof({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}
