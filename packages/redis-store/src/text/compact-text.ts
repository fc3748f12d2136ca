const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const UUID_LENGTH = 36
const UUID_DIGITS = 32
const MASK = '********'
// Control characters never stand in escaped text, so they can stand for something else.
const UUID_MARK = '\v'
const MASK_MARK = '\t'
const MASK_MARKS = /\t/g

// Printable ASCII but for quotes and backslashes: most texts, and their own escaped form.
const PLAIN = /^[ !#-[\]-~]*$/

const UUID_BYTE = UUID_MARK.charCodeAt(0)
const MASK_BYTE = MASK_MARK.charCodeAt(0)
const ESCAPE_BYTE = '\\'.charCodeAt(0)

/** Any text as one line of well-formed Unicode without control characters; different texts give different lines. */
export function escapeText(text: string): string {
  return PLAIN.test(text) ? text : JSON.stringify(text).slice(1, -1)
}

/** Any text as one line, shorter if it is a UUID or holds a preview's asterisks. */
export function compactText(text: string): string {
  if (text.length === UUID_LENGTH && UUID.test(text)) {
    return UUID_MARK + Buffer.from(text.replaceAll('-', ''), 'hex').toString('base64url')
  }
  const escaped = escapeText(text)
  return escaped.includes(MASK) ? escaped.replaceAll(MASK, MASK_MARK) : escaped
}

/** Whether a line with this byte has to be expanded. */
export function isMark(byte: number): boolean {
  return byte === UUID_BYTE || byte === MASK_BYTE || byte === ESCAPE_BYTE
}

export function expandText(line: string): string {
  if (line.startsWith(UUID_MARK)) {
    const hex = Buffer.from(line.slice(1), 'base64url').toString('hex')
    if (hex.length !== UUID_DIGITS) throw new RangeError('a UUID is cut short')
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }
  const escaped = line.replace(MASK_MARKS, MASK)
  return escaped.includes('\\') ? (JSON.parse(`"${escaped}"`) as string) : escaped
}
