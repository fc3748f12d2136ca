import { isScope, isString, wholeNumber } from '@tessera/core'
import type { OptionRule } from '@tessera/core'

/** What can name an issuer, a resource or an endpoint. */
export const urlRule: OptionRule = {
  right: 'an https URL in its normal form (http on a loopback address only), without credentials, query and fragment',
  test: isIdentifier,
}

export const pageRule: OptionRule = { right: 'an http or https URL', test: isPage }

export const scopesRule: OptionRule = listOf({ right: 'a scope', test: (value) => isString(value) && isScope(value) })

/** What registries name: methods of authentication, types of grants. */
export const namesRule: OptionRule = listOf({
  right: 'printable ASCII without spaces',
  test: (value) => isString(value) && /^[\x21-\x7e]+$/.test(value),
})

/** How long caches keep a document. */
export const maxAgeRule: OptionRule = wholeNumber(0, 31_536_000, 'seconds')

export function listOf({ right, test }: OptionRule): OptionRule {
  return {
    right: `a list that is not empty, each ${right}`,
    test: (value) => Array.isArray(value) && value.length > 0 && value.every((each) => test(each)),
  }
}

// Clients compare names character by character (RFC 8414 §3.3), so only the form that URL parsers write is one.
function isIdentifier(value: unknown): boolean {
  if (!isString(value) || !URL.canParse(value)) return false
  const { protocol, hostname, origin, pathname } = new URL(value)
  const normal = `${origin}${pathname}`
  if (value !== normal && `${value}/` !== normal) return false
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

function isPage(value: unknown): boolean {
  return isString(value) && /^https?:\/\//.test(value) && URL.canParse(value)
}
