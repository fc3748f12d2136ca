import { newRecord } from '@tessera/core'
import type { Step, TokenRecord } from '@tessera/core'

/**
 * The place of the token of another system's secret. A store on many machines finds a record by its owner's partition, and such a
 * secret names none. So each imported token has a record beside it, and its owner follows from the secret.
 *
 * A pointer never ends and is never pruned: it remembers the import. So no later import brings back a revoked and pruned
 * token.
 */
export interface Pointer {
  readonly owner: string
  readonly tokenId: string
  /** The digest of the token's record until its first use. */
  readonly digest: string
  /** The slow hash, for the first use. */
  readonly hash: string | null
  /** Whether the token was added. */
  readonly isKept: boolean
}

/** No app's owner holds a control character. */
const OWNER = '\u0001import:'
const BUCKETS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The owner of a pointer. */
export function bucketOf(key: string): string {
  return OWNER + key.charAt(0)
}

/** The owners of all pointers. */
export const BUCKET_OWNERS: readonly string[] = [...BUCKETS].map((each) => OWNER + each)

export function isPointer({ owner }: Pick<TokenRecord, 'owner'>): boolean {
  return owner.startsWith(OWNER)
}

export function pointerRecord(
  key: string,
  { owner, tokenId, digest, hash, isKept }: Pointer,
  { prefix, createdAt }: Pick<TokenRecord, 'prefix' | 'createdAt'>,
): TokenRecord {
  return newRecord({
    id: key,
    digest: key,
    owner: bucketOf(key),
    prefix,
    preview: '-',
    name: '-',
    scopes: [],
    createdBy: null,
    attributes: { owner, tokenId, digest, ...(hash !== null && { hash }), ...(isKept && { isKept: 'yes' }) },
    createdAt,
    expiresAt: null,
    networks: null,
  })
}

export function pointerIn({ attributes }: TokenRecord): Pointer {
  const { owner = '', tokenId = '', digest = '', hash = null, isKept } = attributes
  return { owner, tokenId, digest, hash, isKept: isKept === 'yes' }
}

/** Adds a pointer, unless there is one. The first one counts: two imports at once give the token one id and one owner. */
export function claim(pointer: TokenRecord): Step<TokenRecord> {
  return {
    operation: 'claim an imported secret',
    wants: { ids: [pointer.id], key: null },
    decide({ records }) {
      const there = records.get(pointer.id)
      return there === undefined ? { answer: pointer, add: [pointer] } : { answer: there }
    },
  }
}

/** Notes the addition of a pointer's token. */
export function markKept(key: string): Step<void> {
  return {
    operation: 'note an imported secret',
    wants: { ids: [key], key: null },
    decide({ records }) {
      const pointer = records.get(key)
      if (pointer === undefined || pointerIn(pointer).isKept) return { answer: undefined }
      const kept = { ...pointer, attributes: { ...pointer.attributes, isKept: 'yes' } }
      return { answer: undefined, put: [kept], announce: [kept.digest] }
    },
  }
}
