import { hash } from 'node:crypto'
import { isLike } from './better-auth.ts'
import type { PrefixOptions } from './better-auth.ts'
import { checkSystem, textRule } from './check-system.ts'
import { instantIn, isUnset, nameIn, scopesIn, startPreview, textIn, tokenOf } from './columns.ts'
import { BASE64_SHA256, digestIn } from './digest-column.ts'
import type { LegacySystem } from './system.ts'

/**
 * Unkey: the SHA-256 of the whole key in base64, as `hash`. The owner is `externalId`, earlier `ownerId`, and `permissions` are its
 * scopes. Credits, limits of requests and roles are not kept.
 */
export function unkey(options: PrefixOptions = {}): LegacySystem {
  checkSystem('unkey', options, { prefix: textRule })
  const { prefix = '' } = options
  const start = prefix === '' ? '' : `${prefix}_`
  return {
    name: 'unkey',
    read: (secret) => (isLike(secret, start) ? { digest: hash('sha256', secret, 'base64') } : null),
    row(row) {
      const columns = {
        digest: digestIn(row, 'hash', BASE64_SHA256),
        owner: textIn(row, 'externalId', 'ownerId'),
        ...nameIn(row),
        scopes: () => scopesIn(row, 'permissions'),
        ...startPreview(textIn(row, 'start')),
        createdAt: instantIn(row, 'createdAt', 'createdAtM'),
        expiresAt: instantIn(row, 'expires'),
        lastUsedAt: instantIn(row, 'lastUsedAt'),
        suspendedAt: isUnset(row, 'enabled') ? (instantIn(row, 'updatedAt', 'updatedAtM') ?? new Date(0)) : null,
        revokedAt: instantIn(row, 'deletedAt', 'deletedAtM'),
      }
      return tokenOf(row, columns, options)
    },
  }
}
