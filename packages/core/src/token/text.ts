const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u

/** The rule of {@link isLine} for at most 255 characters, to complete "must be …". */
export const LINE = '1 to 255 characters of well-formed Unicode without control characters'

/** Whether a value is well-formed Unicode of 1 to so many characters, without control characters. */
export function isLine(value: unknown, most = 255): value is string {
  return isText(value, most) && value !== ''
}

/** Whether a value is well-formed Unicode of at most so many characters, without control characters. */
export function isText(value: unknown, most: number): value is string {
  // A character is one or two UTF-16 units: the cheap test bounds the work of the exact one.
  if (typeof value !== 'string' || value.length > 2 * most) return false
  return !UNPRINTABLE.test(value) && [...value].length <= most
}
