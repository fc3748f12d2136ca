const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u

/** What {@link isLine} wants of at most 255 characters, to complete "must be …". */
export const LINE = '1 to 255 characters of well-formed Unicode without control characters'

/** Whether a value is a text that is not empty, see {@link isText}. */
export function isLine(value: unknown, most = 255): value is string {
  return isText(value, most) && value !== ''
}

/** Whether a value is well-formed Unicode of at most so many characters, none of which is a control character. */
export function isText(value: unknown, most: number): value is string {
  // A character is one or two UTF-16 units: the cheap test bounds the work of the exact one.
  if (typeof value !== 'string' || value.length > 2 * most) return false
  return !UNPRINTABLE.test(value) && [...value].length <= most
}
