export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const NO_DIGIT = 62
/** By the code of the character. */
const DIGITS = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = BASE62.indexOf(String.fromCharCode(code))
  return digit === -1 ? NO_DIGIT : digit
})

/** A non-negative integer in base62, most significant digit first, padded with zeros to `width`. */
export function base62(value: number, width: number): string {
  let digits = ''
  for (let rest = value; digits.length < width; rest = Math.floor(rest / 62)) digits = BASE62[rest % 62] + digits
  return digits
}

/** The integer of the ASCII digits from `start` to `end`; `NaN` if one of them is no digit. */
export function readBase62(ascii: Uint8Array, start: number, end: number): number {
  if (!isBase62(ascii, start, end)) return Number.NaN
  let value = 0
  for (let index = start; index < end; index += 1) value = value * 62 + digitAt(ascii, index)
  return value
}

/** Whether all ASCII characters from `start` to `end` are digits. */
export function isBase62(ascii: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) if (digitAt(ascii, index) === NO_DIGIT) return false
  return true
}

function digitAt(ascii: Uint8Array, index: number): number {
  return DIGITS[ascii[index] ?? 0] ?? NO_DIGIT
}
