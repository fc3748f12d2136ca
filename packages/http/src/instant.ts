const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/

/**
 * Reads an RFC 3339 date-time, whose zone is not optional.
 *
 * @returns `null` for anything else, and for a day that the calendar does not have.
 */
export function parseInstant(text: string): Date | null {
  const match = RFC_3339.exec(text)
  if (match === null) return null
  const [year, month, day] = match.slice(1).map(Number)
  const instant = new Date(text)
  return Number.isNaN(instant.getTime()) || !isDay(year, month, day) ? null : instant
}

/** UTC with milliseconds: `2026-06-12T10:00:00.000Z`. */
export function withMilliseconds(instant: Date): string {
  return instant.toISOString()
}

/** UTC in whole seconds, cut off and never rounded up: `2026-06-12T10:00:00Z`. */
export function inSeconds(instant: Date): string {
  return `${instant.toISOString().slice(0, -'.000Z'.length)}Z`
}

function isDay(year = 0, month = 0, day = 0): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
