import { hash } from 'node:crypto'
import { checkSystem, oneOf } from './check-system.ts'
import { instantIn, startPreview, textIn, tokenOf } from './columns.ts'
import { HEX_SHA512, digestIn } from './digest-column.ts'
import type { LegacySystem, SystemOptions } from './system.ts'

const SECRET = /^[\x21-\x7E]{32,160}$/
const HEX = /^(?:[0-9a-f]{2})+$/i

export interface KnoxOptions extends SystemOptions {
  /** `bytes` for knox 4, which hashes the bytes behind the hexadecimal digits. Default `text`, for knox 5. */
  readonly hashes?: 'text' | 'bytes'
}

/** django-rest-knox: the SHA-512 in `digest`, in hexadecimal. The owner is `user_id`. Its scheme is `Authorization: Token`. */
export function knox(options: KnoxOptions = {}): LegacySystem {
  checkSystem('knox', options, { hashes: oneOf('text', 'bytes') })
  const { hashes = 'text' } = options
  return {
    name: 'knox',
    read(secret) {
      if (!SECRET.test(secret) || (hashes === 'bytes' && !HEX.test(secret))) return null
      return { digest: hash('sha512', hashes === 'text' ? secret : Buffer.from(secret, 'hex')) }
    },
    row(row) {
      const columns = {
        digest: digestIn(row, 'digest', HEX_SHA512).toLowerCase(),
        owner: textIn(row, 'user_id'),
        ...startPreview(textIn(row, 'token_key')),
        createdAt: instantIn(row, 'created'),
        expiresAt: instantIn(row, 'expiry'),
      }
      return tokenOf(row, columns, options)
    },
  }
}
