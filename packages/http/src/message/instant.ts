const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt](?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/

/**
 * Reads an RFC 3339 date-time. The zone is required.
 *
 * @returns `null` for anything else, also for a day that the calendar does not have.
 */
export function parseInstant(text: string): Date | null {
  if (!RFC_3339.test(text) || !isDay(text.slice(0, '2026-06-12'.length))) return null
  const instant = new Date(text)
  return Number.isNaN(instant.getTime()) ? null : instant
}

/** UTC with milliseconds: `2026-06-12T10:00:00.000Z`. */
export function withMilliseconds(instant: Date): string {
  return instant.toISOString()
}

/** UTC in whole seconds, cut off and never rounded up: `2026-06-12T10:00:00Z`. */
export function inSeconds(instant: Date): string {
  return `${instant.toISOString().slice(0, -'.000Z'.length)}Z`
}

// JavaScript reads 30 February as 2 March.
function isDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
}
