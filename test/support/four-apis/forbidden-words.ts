import { digestSecret } from '@tessera/core'
import { announcedSecrets } from './four-apis-server.ts'
import type { Announcement } from './four-apis-server.ts'

/** What no answer may hold: each announced secret, and its digest in the usual notations. */
export function forbiddenWords(announcement: Announcement): readonly string[] {
  return announcedSecrets(announcement).flatMap((secret) => {
    const digest = digestSecret(secret)
    return [secret, digest, Buffer.from(digest, 'base64url').toString('hex')]
  })
}
