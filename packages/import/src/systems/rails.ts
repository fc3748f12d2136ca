import { createHmac, hash, pbkdf2Sync } from 'node:crypto'
import { checkSystem, filledRule, oneOf } from './check-system.ts'
import { instantIn, nameIn, neededIn, textIn, tokenOf } from './columns.ts'
import { HEX_SHA256, digestIn } from './digest-column.ts'
import { LegacyRowError } from './system.ts'
import type { LegacyRow, LegacySystem, LegacyToken, SystemOptions } from './system.ts'

const SECRET = /^[A-Za-z0-9_-]{20,255}$/
const KEY_LENGTH = 64
const ROUNDS = 65_536
const SHOWN = 4

export interface ColumnOptions extends SystemOptions {
  /** The column of the secret or its digest. Default `token`. */
  readonly column?: string
}

/**
 * Rails' `has_secure_token`: the secret itself stands in the column. The import keeps its digest and a preview, so look after the
 * file until it is deleted. The owner is `user_id`.
 */
export function secureToken(options: ColumnOptions = {}): LegacySystem {
  checkSystem('secureToken', options, { column: filledRule })
  const { column = 'token' } = options
  return {
    name: 'secure-token',
    read: (secret) => (SECRET.test(secret) ? { digest: hash('sha256', secret) } : null),
    row(row) {
      const secret = neededIn(row, column)
      if (!SECRET.test(secret)) throw new LegacyRowError(`${column} is no secret of 20 to 255 characters`)
      const preview = secret.slice(0, SHOWN) + '*'.repeat(8) + secret.slice(-SHOWN)
      return tokenOf(row, { digest: hash('sha256', secret), preview, ...railsColumns(row) }, options)
    },
  }
}

export interface DeviseOptions extends ColumnOptions {
  /** Rails' `secret_key_base`. It makes the key of the digests, and is not needed for an import. */
  readonly secretKeyBase: string
  /** How Rails makes keys: `sha256` since the defaults of 7.0. Default `sha1`. */
  readonly keyDigest?: 'sha1' | 'sha256'
}

/**
 * Digests of Devise's `TokenGenerator`: an HMAC-SHA-256 in hexadecimal, under a key that Rails derives for the column. The owner is
 * `user_id`.
 */
export function devise(options: DeviseOptions): LegacySystem {
  checkSystem('devise', options, {
    secretKeyBase: { ...filledRule, required: true },
    column: filledRule,
    keyDigest: oneOf('sha1', 'sha256'),
  })
  const { secretKeyBase, column = 'token', keyDigest = 'sha1' } = options
  const key = pbkdf2Sync(secretKeyBase, `Devise ${column}`, ROUNDS, KEY_LENGTH, keyDigest)
  return {
    name: 'devise',
    read: (secret) => (SECRET.test(secret) ? { digest: createHmac('sha256', key).update(secret).digest('hex') } : null),
    row: (row) => deviseRow(row, column, options),
  }
}

/** Needs no key. */
export function deviseRow(row: LegacyRow, column = 'token', options: SystemOptions = {}): LegacyToken {
  return tokenOf(row, { digest: digestIn(row, column, HEX_SHA256).toLowerCase(), ...railsColumns(row) }, options)
}

function railsColumns(row: LegacyRow) {
  return {
    owner: textIn(row, 'user_id'),
    ...nameIn(row),
    createdAt: instantIn(row, 'created_at'),
    expiresAt: instantIn(row, 'expires_at'),
    lastUsedAt: instantIn(row, 'last_used_at'),
    revokedAt: instantIn(row, 'revoked_at'),
  }
}
