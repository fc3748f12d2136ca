import { hash } from 'node:crypto'
import { checkSystem, filledRule } from './check-system.ts'
import { instantIn, nameIn, neededIn, startPreview, tokenOf } from './columns.ts'
import { HEX_SHA256, digestIn } from './digest-column.ts'
import type { LegacySystem, SystemOptions } from './system.ts'

const SECRET = /^([A-Za-z0-9-]{1,64})_([A-Za-z0-9]{4,32})_([A-Za-z0-9]{16,128})$/

export interface PrefixedOptions extends SystemOptions {
  /** The `keyPrefix` of every secret. Default any. */
  readonly prefix?: string
}

/** prefixed-api-key: `<prefix>_<short>_<long>`, and the SHA-256 of the long part in `longTokenHash`. Its rows have no owner. */
export function prefixedApiKey(options: PrefixedOptions = {}): LegacySystem {
  checkSystem('prefixedApiKey', options, { prefix: filledRule })
  const { prefix } = options
  return {
    name: 'prefixed-api-key',
    read(secret) {
      const [, start, lookup, long] = SECRET.exec(secret) ?? []
      if (lookup === undefined || long === undefined || start !== (prefix ?? start)) return null
      return { lookup, digest: hash('sha256', long) }
    },
    row(row) {
      const lookup = neededIn(row, 'shortToken')
      const columns = {
        lookup,
        digest: digestIn(row, 'longTokenHash', HEX_SHA256).toLowerCase(),
        ...nameIn(row),
        ...startPreview(`${prefix === undefined ? '' : `${prefix}_`}${lookup}_`),
        createdAt: instantIn(row, 'createdAt'),
        expiresAt: instantIn(row, 'expiresAt'),
        lastUsedAt: instantIn(row, 'lastUsedAt'),
        revokedAt: instantIn(row, 'revokedAt'),
      }
      return tokenOf(row, columns, options)
    },
  }
}
