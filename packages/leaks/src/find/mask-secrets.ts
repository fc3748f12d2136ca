import { preview } from '@tessera/core'
import { findSecrets } from './find-secrets.ts'

/**
 * The text with a preview in place of each secret, in linear time.
 *
 * @param prefixes Those to look for; `null` for every prefix.
 */
export function maskSecrets(text: string, prefixes: readonly string[] | null): string {
  let masked = ''
  let end = 0
  for (const { secret, start } of findSecrets(text, prefixes)) {
    masked += text.slice(end, start) + preview(secret)
    end = start + secret.length
  }
  return end === 0 ? text : masked + text.slice(end)
}
