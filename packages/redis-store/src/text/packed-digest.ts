import { escapeText } from './compact-text.ts'

const PACKED_LENGTH = 32
const MARK = '='.charCodeAt(0)
/** 32 bytes in base64url: two bits of the last character stand for nothing, and are 0. */
const DIGEST = /^[\w-]{42}[AEIMQUYcgkosw048]$/

/**
 * A digest in the fewest bytes: the 32 bytes of its base64url, or any other text with a mark.
 *
 * @param stem ASCII to put before it.
 */
export function packDigest(digest: string, stem = ''): Buffer {
  if (!DIGEST.test(digest)) return Buffer.concat([Buffer.from(stem), packText(digest)])
  const packed = Buffer.allocUnsafe(stem.length + PACKED_LENGTH)
  packed.write(stem, 'latin1')
  packed.write(digest, stem.length, 'base64url')
  return packed
}

function packText(digest: string): Buffer {
  const text = Buffer.from(`=${escapeText(digest)}`)
  return text.length === PACKED_LENGTH ? Buffer.concat([text, Buffer.of(0)]) : text
}

/** @throws Error for anything but a packed digest, which is not repeated */
export function unpackDigest(packed: Buffer): string {
  if (packed.length === PACKED_LENGTH) return packed.toString('base64url')
  if (packed[0] !== MARK) throw corruptDigest()
  const escaped = packed.toString().slice(1).replace('\0', '')
  try {
    return JSON.parse(`"${escaped}"`) as string
  } catch {
    throw corruptDigest()
  }
}

function corruptDigest(): Error {
  return new Error('Redis keeps a digest that cannot be read')
}
