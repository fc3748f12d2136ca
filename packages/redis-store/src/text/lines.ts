import { isUtf8 } from 'node:buffer'
import { expandText, isMark } from './compact-text.ts'

const NEWLINE = 10
const DIGIT_0 = 48
const DIGIT_9 = 57
const LETTER_A = 97
const LETTER_Z = 122
const FIRST_NOT_ASCII = 128

/** Lines of UTF-8, read one after the other by their bytes: splitting them as text takes three times as long. */
export interface Lines {
  readonly bytes: Buffer
  /** One character for each byte, so positions are the same. */
  readonly latin1: string
  /** The start of the next line. */
  at: number
}

export function linesOf(bytes: Buffer): Lines {
  return { bytes, latin1: bytes.toString('latin1'), at: 0 }
}

export function hasMore({ bytes, at }: Lines): boolean {
  return at <= bytes.length
}

/** The next line, as it is. Throws if there is none. */
export function nextLine(lines: Lines): string {
  const start = begin(lines)
  const end = lines.latin1.indexOf('\n', start)
  lines.at = (end === -1 ? lines.bytes.length : end) + 1
  return start === end ? '' : utf8In(lines.bytes, start, lines.at - 1)
}

/** Passes over a line. Throws if there is none. */
export function skipLine(lines: Lines): void {
  const end = lines.latin1.indexOf('\n', begin(lines))
  lines.at = (end === -1 ? lines.bytes.length : end) + 1
}

/** The next line as a text, see `expandText`. Throws if there is none. */
export function nextText(lines: Lines): string {
  const { bytes, latin1 } = lines
  const start = begin(lines)
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
  const text = isAscii ? latin1.slice(start, end) : utf8In(bytes, start, end)
  return isPlain ? text : expandText(text)
}

/** The next line as a whole number in base 36; `null` for an empty line. Throws for anything else. */
export function nextNumber(lines: Lines): number | null {
  const { bytes } = lines
  const start = begin(lines)
  let value = 0
  let end = start
  for (; end < bytes.length; end += 1) {
    const byte = bytes[end] ?? NEWLINE
    if (byte === NEWLINE) break
    value = value * 36 + digitOf(byte)
  }
  lines.at = end + 1
  if (!Number.isSafeInteger(value)) throw new RangeError('a number is wrong')
  return start === end ? null : value
}

function begin({ bytes, at }: Lines): number {
  if (at > bytes.length) throw new RangeError('a line is missing')
  return at
}

/** `NaN` for anything else. */
function digitOf(byte: number): number {
  if (byte >= DIGIT_0 && byte <= DIGIT_9) return byte - DIGIT_0
  return byte >= LETTER_A && byte <= LETTER_Z ? byte - LETTER_A + 10 : Number.NaN
}

function utf8In(bytes: Buffer, start: number, end: number): string {
  if (!isUtf8(bytes.subarray(start, end))) throw new RangeError('a line is not UTF-8')
  return bytes.toString('utf8', start, end)
}
