const INSTANT = /^[0-9a-z]{1,11}$/

/** An instant as whole milliseconds in base 36; empty for `null`. */
export function writeInstant(instant: number | null): string {
  return instant === null ? '' : Math.floor(instant).toString(36)
}

/** @throws RangeError for anything but an instant */
export function readInstant(text: string): number | null {
  if (text === '') return null
  const instant = INSTANT.test(text) ? Number.parseInt(text, 36) : Number.NaN
  if (!Number.isSafeInteger(instant)) throw new RangeError('an instant is wrong')
  return instant
}
