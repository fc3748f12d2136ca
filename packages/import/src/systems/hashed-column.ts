import { isFunction, isLine } from '@tessera/core'
import { checkSystem, filledRule } from './check-system.ts'
import { instantIn, nameIn, neededIn, startPreview, tokenOf } from './columns.ts'
import type { LegacyReading, LegacySystem, SystemOptions } from './system.ts'

export interface HashedColumnOptions extends SystemOptions {
  /** Default `hashed-column`. */
  readonly name?: string
  /**
   * The public part of a secret, to find its row by, and the text behind the hash; default the whole secret. `null` for a text of another
   * shape. Without such a part every hash of the table would have to be tried: these tokens must be issued anew.
   */
  readonly split: (secret: string) => { readonly lookup: string; readonly hashed?: string } | null
  /** The columns. Default `lookup` and `hash`. */
  readonly lookupColumn?: string
  readonly hashColumn?: string
}

/** A column of bcrypt, scrypt or PBKDF2, as Django, Werkzeug, passlib and others write them. The owner is `owner`. */
export function hashedColumn(options: HashedColumnOptions): LegacySystem {
  checkSystem('hashedColumn', options, {
    split: { right: 'a function of a secret', test: isFunction, required: true },
    name: { right: 'a line of 1 to 255 characters', test: (value) => isLine(value) },
    lookupColumn: filledRule,
    hashColumn: filledRule,
  })
  const { name = 'hashed-column', split, lookupColumn = 'lookup', hashColumn = 'hash' } = options
  return {
    name,
    read: (secret): LegacyReading | null => split(secret),
    row(row) {
      const lookup = neededIn(row, lookupColumn)
      const columns = {
        lookup,
        hash: neededIn(row, hashColumn),
        ...nameIn(row),
        ...startPreview(lookup),
        createdAt: instantIn(row, 'createdAt', 'created_at'),
        expiresAt: instantIn(row, 'expiresAt', 'expires_at'),
        lastUsedAt: instantIn(row, 'lastUsedAt', 'last_used_at'),
        revokedAt: instantIn(row, 'revokedAt', 'revoked_at'),
      }
      return tokenOf(row, columns, options)
    },
  }
}
