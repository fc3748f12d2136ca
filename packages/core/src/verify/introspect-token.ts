import type { Settings } from '../setup/settings.ts'
import { statusOf, toToken } from '../token/token.ts'
import type { Token } from '../token/token.ts'
import { findBySecret } from './find-by-secret.ts'

/** The verb `introspect`. */
export async function introspectToken(settings: Settings, secret: string): Promise<Token | null> {
  const record = await findBySecret(settings, secret)
  if (record === null) return null
  const now = settings.now()
  return statusOf(record, now) === 'active' ? toToken(record, now) : null
}
