import { usage } from '../terminal/exit-codes.ts'

const DURATION = /^(\d{1,6})([smhdw])$/
const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
])
const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/

/** @returns Milliseconds of a duration such as `30d`, `12h`, `15m`, `90s` or `2w`. */
export function durationIn(option: string, text: string): number {
  const [, count = '', unit = ''] = DURATION.exec(text) ?? []
  const ms = UNITS.get(unit)
  if (ms === undefined) throw usage(`${option} must be a duration such as 30d, 12h, 15m or 90s`)
  return Number(count) * ms
}

const TIMEOUT_MS = 60_000

/** How long a module or a store may take. */
export function timeoutIn({ timeout }: { readonly timeout?: string }): number {
  if (timeout === undefined) return TIMEOUT_MS
  const ms = durationIn('--timeout', timeout)
  if (ms < 1_000 || ms > 86_400_000) throw usage('--timeout must be a duration from 1s to 1d')
  return ms
}

/** An instant: a date, an RFC 3339 date-time, or a duration from `now` on, backwards for `-1`. */
export function instantIn(option: string, text: string, now: number, direction: 1 | -1): Date {
  if (DURATION.test(text)) return new Date(now + direction * durationIn(option, text))
  const instant = new Date(text)
  const isReal = INSTANT.test(text) && !Number.isNaN(instant.getTime()) && isOnCalendar(text)
  if (!isReal) throw usage(`${option} must be a duration such as 30d, or a date such as 2030-01-31`)
  return instant
}

/** `Date` takes the 30th of February for the 2nd of March. */
function isOnCalendar(text: string): boolean {
  const day = text.slice(0, 10)
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}
