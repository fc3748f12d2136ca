/** The default clock, in epoch milliseconds. It asks for `Date` each time, so fake timers of a test runner reach it. */
export function systemClock(): number {
  return Date.now()
}
