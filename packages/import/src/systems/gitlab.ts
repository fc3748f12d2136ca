import { hash } from 'node:crypto'
import { checkSystem, textRule } from './check-system.ts'
import { instantIn, isSet, nameIn, scopesIn, startPreview, textIn, tokenOf } from './columns.ts'
import { BASE64_SHA256, digestIn } from './digest-column.ts'
import type { LegacySystem, SystemOptions } from './system.ts'

const SECRET = /^[A-Za-z0-9_.-]{20,255}$/
const SALT_LENGTH = 32

export interface GitlabOptions extends SystemOptions {
  /** The start of every secret. Default `glpat-`. */
  readonly prefix?: string
  /** The `db_key_base` of the instance: its first 32 characters follow the secret in the digest. */
  readonly dbKeyBase?: string
}

/** GitLab's personal access tokens: the SHA-256 in `token_digest`, in base64. The owner is `user_id`. Its header is `PRIVATE-TOKEN`. */
export function gitlab(options: GitlabOptions = {}): LegacySystem {
  checkSystem('gitlab', options, { prefix: textRule, dbKeyBase: textRule })
  const { prefix = 'glpat-', dbKeyBase = '' } = options
  const salt = dbKeyBase.slice(0, SALT_LENGTH)
  return {
    name: 'gitlab',
    read(secret) {
      if (!SECRET.test(secret) || !secret.startsWith(prefix)) return null
      return { digest: hash('sha256', secret + salt, 'base64') }
    },
    row(row) {
      const columns = {
        digest: digestIn(row, 'token_digest', BASE64_SHA256),
        owner: textIn(row, 'user_id'),
        ...nameIn(row),
        scopes: () => scopesIn(row, 'scopes'),
        ...startPreview(prefix),
        createdAt: instantIn(row, 'created_at'),
        expiresAt: instantIn(row, 'expires_at'),
        lastUsedAt: instantIn(row, 'last_used_at'),
        revokedAt: isSet(row, 'revoked') ? (instantIn(row, 'updated_at') ?? new Date(0)) : null,
      }
      return tokenOf(row, columns, options)
    },
  }
}
