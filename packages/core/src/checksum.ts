const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit += 1) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0)
  return remainder
})

/**
 * The CRC-32 of the ASCII text before `end`, as an unsigned integer: the polynomial of zlib, PNG and Ethernet. Every
 * presented secret is checked with it, and for so short a text the call into zlib takes longer than the sum.
 */
export function checksum(text: string, end: number = text.length): number {
  let remainder = -1
  for (let index = 0; index < end; index += 1) {
    remainder = (TABLE[(remainder ^ text.charCodeAt(index)) & 0xff] ?? 0) ^ (remainder >>> 8)
  }
  return ~remainder >>> 0
}
