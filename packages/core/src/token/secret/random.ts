import { randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(4_096)
let used = pool.length

const LONGEST_PART = 64

/** `length` characters drawn evenly from `alphabet` (at most 256 characters) by rejection sampling. */
export function randomString(alphabet: string, length: number): string {
  let drawn = ''
  while (drawn.length < length) drawn += randomPart(alphabet, Math.min(length - drawn.length, LONGEST_PART))
  return drawn
}

/** Made at once: a text that grew by each character would leave as many texts behind. */
function randomPart(alphabet: string, length: number): string {
  const even = 256 - (256 % alphabet.length)
  const codes: number[] = []
  while (codes.length < length) {
    const byte = randomByte()
    if (byte < even) codes.push(alphabet.charCodeAt(byte % alphabet.length))
  }
  return String.fromCharCode(...codes)
}

/** Many are drawn from the system at once, in hardly more time than a few. Drawn bytes do not stay in memory. */
function randomByte(): number {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const byte = pool.readUInt8(used)
  pool[used] = 0
  used += 1
  return byte
}
