import { expandText, isMark } from './compact-text.ts'

const NEWLINE = 10
const DIGIT_0 = 48
const DIGIT_9 = 57
const LETTER_A = 97
const FIRST_NOT_ASCII = 128

/** Lines of UTF-8 that are read one after the other, and by their bytes: splitting them as text takes three times as long. */
export interface Lines {
  readonly bytes: Buffer
  /** One character for each byte, so that positions are the same. */
  readonly latin1: string
  /** Where the next line begins. */
  at: number
}

export function linesOf(bytes: Buffer): Lines {
  return { bytes, latin1: bytes.toString('latin1'), at: 0 }
}

export function hasMore({ bytes, at }: Lines): boolean {
  return at <= bytes.length
}

/** The next line, as it is; empty after the last one. */
export function nextLine(lines: Lines): string {
  const start = lines.at
  const end = lines.latin1.indexOf('\n', start)
  lines.at = (end === -1 ? lines.bytes.length : end) + 1
  return start === end ? '' : lines.bytes.toString('utf8', start, lines.at - 1)
}

/** The next line as a text, see `expandText`. */
export function nextText(lines: Lines): string {
  const { bytes, latin1, at: start } = lines
  let isPlain = true
  let isAscii = true
  let end = start
  for (; end < bytes.length; end += 1) {
    const byte = bytes[end] ?? NEWLINE
    if (byte === NEWLINE) break
    if (isMark(byte)) isPlain = false
    if (byte >= FIRST_NOT_ASCII) isAscii = false
  }
  lines.at = end + 1
  const text = isAscii ? latin1.slice(start, end) : bytes.toString('utf8', start, end)
  return isPlain ? text : expandText(text)
}

/** The next line as a whole number in base 36, which is not negative; `null` for an empty line. */
export function nextNumber(lines: Lines): number | null {
  const { bytes, at: start } = lines
  let value = 0
  let end = start
  for (; end < bytes.length; end += 1) {
    const byte = bytes[end] ?? NEWLINE
    if (byte === NEWLINE) break
    value = value * 36 + (byte <= DIGIT_9 ? byte - DIGIT_0 : byte - LETTER_A + 10)
  }
  lines.at = end + 1
  return start === end ? null : value
}
