import { hash } from 'node:crypto'
import { checkSystem } from './check-system.ts'
import { instantIn, nameIn, neededIn, scopesIn, startPreview, textIn, tokenOf } from './columns.ts'
import { HEX_SHA256, digestIn } from './digest-column.ts'
import type { LegacyRow, LegacySystem, SystemOptions } from './system.ts'

const USER = /(?:^|\\)user$/i
const SECRET = /^(\d{1,20})\|([\x21-\x7B\x7D\x7E]{20,255})$/

/**
 * Laravel Sanctum: `12|<secret>`, and the SHA-256 of the text after the bar in `personal_access_tokens.token`, in hexadecimal. The
 * owner is `tokenable_id` if that is of a user: other models count their own ids. The ability `*` is no scope here: say its meaning with `map`.
 */
export function sanctum(options: SystemOptions = {}): LegacySystem {
  checkSystem('sanctum', options)
  return {
    name: 'sanctum',
    read(secret) {
      const [, id, random] = SECRET.exec(secret) ?? []
      return id === undefined || random === undefined ? null : { lookup: id, digest: hash('sha256', random) }
    },
    row(row) {
      const id = neededIn(row, 'id')
      const columns = {
        lookup: id,
        digest: digestIn(row, 'token', HEX_SHA256).toLowerCase(),
        owner: isUser(row) ? textIn(row, 'tokenable_id') : undefined,
        ...nameIn(row),
        scopes: () => scopesIn(row, 'abilities'),
        ...startPreview(`${id}|`),
        createdAt: instantIn(row, 'created_at'),
        expiresAt: instantIn(row, 'expires_at'),
        lastUsedAt: instantIn(row, 'last_used_at'),
      }
      return tokenOf(row, columns, options)
    },
  }
}

/** Team 7 is not user 7. */
function isUser(row: LegacyRow): boolean {
  return USER.test(textIn(row, 'tokenable_type') ?? 'user')
}
