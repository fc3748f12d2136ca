/**
 * The same text in memory of its own. V8 makes a slice of 13 characters or more by pointing into the text that it was cut
 * from, which is then kept as long as the slice is.
 */
export function flatCopy(text: string): string {
  return Buffer.from(text).toString()
}
