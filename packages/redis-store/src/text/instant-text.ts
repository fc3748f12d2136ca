const INSTANT = /^[0-9a-z]{1,11}$/

/** The instant written before: a change has the same one several times, and digits of another base take long. */
let latest = { instant: 0, text: '0' }

/** An instant as whole milliseconds in base 36; empty for `null`. */
export function writeInstant(instant: number | null): string {
  if (instant === null) return ''
  if (instant !== latest.instant) latest = { instant, text: Math.floor(instant).toString(36) }
  return latest.text
}

/** @throws RangeError for anything but an instant */
export function readInstant(text: string): number | null {
  if (text === '') return null
  const instant = INSTANT.test(text) ? Number.parseInt(text, 36) : Number.NaN
  if (!Number.isSafeInteger(instant)) throw new RangeError('an instant is wrong')
  return instant
}
