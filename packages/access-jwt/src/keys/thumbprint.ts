import { hash } from 'node:crypto'
import type { JsonWebKey } from 'node:crypto'

/**
 * Names a public key by its content: the SHA-256 of its required members in the order of the alphabet, base64url.
 *
 * @param members Exactly the required ones: `kty`, and the public members of this type.
 * @see https://www.rfc-editor.org/rfc/rfc7638#section-3
 */
export function thumbprint(members: JsonWebKey): string {
  const sorted = Object.entries(members).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return hash('sha256', JSON.stringify(Object.fromEntries(sorted)), 'base64url')
}
