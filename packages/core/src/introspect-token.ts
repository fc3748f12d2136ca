import { findBySecret } from './find-by-secret.ts'
import type { Settings } from './settings.ts'
import { statusOf, toToken } from './token.ts'
import type { Token } from './token.ts'

/**
 * The active token whose secret this is, for somebody who does not use it but asks about it (RFC 7662).
 *
 * Neither a use nor a verification: `lastUsedAt` and the counts of `stats()` stay as they are, no record moves to
 * another digest. One store call, and none when shape or checksum is wrong.
 *
 * @returns `null` for whatever `verify` would refuse without asking for scopes; which of the reasons it is stays untold.
 * @throws StoreError when the store did not answer
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2.2
 */
export async function introspectToken(settings: Settings, secret: string): Promise<Token | null> {
  const record = await findBySecret(settings, secret)
  if (record === null) return null
  const now = settings.now()
  return statusOf(record, now) === 'active' ? toToken(record, now) : null
}
