const POLYNOMIAL = 0xed_b8_83_20
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit += 1) rest = (rest & 1) === 0 ? rest >>> 1 : (rest >>> 1) ^ POLYNOMIAL
  return rest
})

/**
 * The CRC-32 of the bytes before `end`, as in zlib. zlib's own takes longer to call than so few bytes take to read.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1952#section-8
 */
export function crc32(bytes: Uint8Array, end: number = bytes.length): number {
  let crc = -1
  for (let index = 0; index < end; index += 1) crc = (TABLE[(crc ^ (bytes[index] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8)
  return ~crc >>> 0
}
