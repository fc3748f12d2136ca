import { hash } from 'node:crypto'
import type { LegacyReading } from '../systems/system.ts'

/**
 * The digest of an imported record, until its first use. It binds the digest of the other system to the system and to
 * the public part of the secret.
 */
export function digestKey(system: string, { digest, lookup }: Pick<LegacyReading, 'digest' | 'lookup'>): string {
  return keyOf('digest', system, lookup ?? null, digest ?? null)
}

/** The same for a slow hash. Only the pointer knows it, so nobody finds the record by a secret alone. */
export function slowKey(system: string, lookup: string, hashed: string): string {
  return keyOf('hash', system, lookup, hashed)
}

/** The id and digest of the pointer to a secret's record: the same before and after its first use. */
export function pointerKey(system: string, { digest, lookup }: Pick<LegacyReading, 'digest' | 'lookup'>): string {
  return lookup === undefined ? keyOf('pointer', system, null, digest ?? null) : keyOf('pointer', system, lookup)
}

/** In base64url, like every digest. */
function keyOf(...parts: readonly (string | null)[]): string {
  return hash('sha256', JSON.stringify(['tessera import', ...parts]), 'base64url')
}
