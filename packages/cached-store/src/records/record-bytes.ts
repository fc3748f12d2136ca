import type { TokenRecord } from '@tessera/core'

/** The bytes of a record in use without any text: itself, its place in the cache, the issued token, its use. */
const BARE = 1_350
const PER_TEXT = 24
const PER_SCOPE = 16
const PER_ATTRIBUTE = 48

const BEYOND_LATIN_1 = /[^\0-\xff]/

/**
 * The estimated bytes of a cached record on the heap, in use. Shared parts, such as equal lists of scopes, count for
 * each.
 */
export function bytesOf(record: TokenRecord): number {
  const { id, owner, digest, preview, name, createdBy, rotatedTo, rotatedFrom, sealedSuccessor } = record
  let bytes = BARE
  for (const text of [id, owner, digest, preview, name]) bytes += textBytes(text)
  for (const text of [createdBy, rotatedTo, rotatedFrom, sealedSuccessor]) if (text !== null) bytes += textBytes(text)
  for (const text of [...record.scopes, ...(record.networks ?? []), ...record.makers])
    bytes += PER_SCOPE + textBytes(text)
  for (const [key, value] of Object.entries(record.attributes))
    bytes += PER_ATTRIBUTE + textBytes(key) + textBytes(value)
  return bytes
}

/** V8 keeps a text in one byte for each character, or in two if one of them is beyond Latin-1. */
function textBytes(text: string): number {
  return PER_TEXT + (BEYOND_LATIN_1.test(text) ? 2 * text.length : text.length)
}
