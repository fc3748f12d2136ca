import { randomBytes } from 'node:crypto'

/** `length` characters drawn evenly from `alphabet` (at most 256 characters) by rejection sampling. */
export function randomString(alphabet: string, length: number): string {
  const even = 256 - (256 % alphabet.length)
  let drawn = ''
  while (drawn.length < length) {
    for (const byte of randomBytes(length - drawn.length + 8)) {
      if (byte < even && drawn.length < length) drawn += alphabet[byte % alphabet.length]
    }
  }
  return drawn
}
