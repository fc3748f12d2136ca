import { escapeText } from './compact-text.ts'

const PACKED_LENGTH = 32
/** 32 bytes in base64url: two bits of the last character stand for nothing, and are 0. */
const DIGEST = /^[\w-]{42}[AEIMQUYcgkosw048]$/

/** A digest in the fewest bytes: the 32 that base64url stands for, and any other text marked as such. */
export function packDigest(digest: string): Buffer {
  if (DIGEST.test(digest)) return Buffer.from(digest, 'base64url')
  const text = Buffer.from(`=${escapeText(digest)}`)
  return text.length === PACKED_LENGTH ? Buffer.concat([text, Buffer.of(0)]) : text
}

export function unpackDigest(packed: Buffer): string {
  if (packed.length === PACKED_LENGTH) return packed.toString('base64url')
  const escaped = packed.toString().slice(1).replace('\0', '')
  return JSON.parse(`"${escaped}"`) as string
}
