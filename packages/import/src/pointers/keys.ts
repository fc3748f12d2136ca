import { hash } from 'node:crypto'
import type { LegacyToken } from '../systems/system.ts'

/** The part of a token, or of a presented secret, that names it. */
type Named = Pick<LegacyToken, 'digest' | 'lookup' | 'hash'>

/**
 * The digest of an imported record, until its first use. It binds the digest of the other system, or its slow hash, to the system
 * and to the public part of the secret.
 */
export function firstDigest(system: string, { digest, lookup, hash: slow }: Named): string {
  return keyOf('digest', system, lookup ?? null, digest ?? null, slow ?? null)
}

/** The id and digest of the pointer to a secret's record: the same before and after its first use. */
export function pointerKey(system: string, { digest, lookup }: Named): string {
  return lookup === undefined ? keyOf('pointer', system, null, digest ?? null) : keyOf('pointer', system, lookup)
}

/** The id and digest of the pointer to a record of an export. Neither its owner nor its id ever changes. */
export function recordKey({ owner, id }: { readonly owner: string; readonly id: string }): string {
  return keyOf('record', owner, id)
}

/** No text has this byte in UTF-8. So no secret has such a digest: a stolen row of the former table is no secret. */
const NO_TEXT = Buffer.of(0xff)

/** In base64url, like every digest. */
function keyOf(...parts: readonly (string | null)[]): string {
  const named = JSON.stringify(['tessera import', ...parts])
  return hash('sha256', Buffer.concat([NO_TEXT, Buffer.from(named)]), 'base64url')
}
