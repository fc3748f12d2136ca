/**
 * Lets all callers share one reading that begins after each of them asked for it: a caller during a reading waits for
 * the next one. So at most two are pending, and never two under way.
 *
 * @returns Asks for a reading; rejects if that reading does.
 */
export function shareReadings(read: () => Promise<void>): () => Promise<void> {
  let latest = Promise.resolve()
  let next: Promise<void> | null = null

  function begin(): Promise<void> {
    next = null
    latest = read()
    return latest
  }

  // Not begun at once, even when none is under way: others may ask in the same turn.
  return () => {
    next ??= latest.then(begin, begin)
    return next
  }
}
