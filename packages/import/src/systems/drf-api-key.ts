import { hash } from 'node:crypto'
import { checkSystem } from './check-system.ts'
import { instantIn, isSet, nameIn, neededIn, startPreview, tokenOf } from './columns.ts'
import { HEX_SHA512, digestIn } from './digest-column.ts'
import type { LegacySystem, SystemOptions } from './system.ts'

const SECRET = /^([A-Za-z0-9]{1,16})\.[A-Za-z0-9]{16,150}$/
const FAST = 'sha512$$'

/**
 * djangorestframework-api-key: `<prefix>.<secret>`. Version 3 keeps the SHA-512 of the whole key, earlier ones a hash of Django's.
 * Its rows have no owner. Its scheme is `Authorization: Api-Key`.
 */
export function drfApiKey(options: SystemOptions = {}): LegacySystem {
  checkSystem('drfApiKey', options)
  return {
    name: 'drf-api-key',
    read(secret) {
      const lookup = SECRET.exec(secret)?.[1]
      return lookup === undefined ? null : { lookup, digest: FAST + hash('sha512', secret) }
    },
    row(row) {
      const lookup = neededIn(row, 'prefix')
      const hashed = neededIn(row, 'hashed_key')
      if (hashed.startsWith(FAST)) digestIn({ hashed_key: hashed.slice(FAST.length) }, 'hashed_key', HEX_SHA512)
      const createdAt = instantIn(row, 'created')
      const columns = {
        lookup,
        ...(hashed.startsWith(FAST) ? { digest: hashed } : { hash: hashed }),
        ...nameIn(row),
        ...startPreview(`${lookup}.`),
        createdAt,
        expiresAt: instantIn(row, 'expiry_date'),
        revokedAt: isSet(row, 'revoked') ? (createdAt ?? new Date(0)) : null,
      }
      return tokenOf(row, columns, options)
    },
  }
}
