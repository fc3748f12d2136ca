/** Work on its way to an end. */
export interface Ending {
  readonly work: Promise<unknown>
  /** What is left of the work if it has not ended, in words; `null` for nothing. */
  left(): string | null
}

/**
 * Waits until every work has ended, failed work too, but no longer than that.
 *
 * @param what Who gives up, for the message.
 * @throws Error that names what is left after that time
 * @throws the first failure, if every work has ended
 */
export async function endWithin(what: string, endings: readonly Ending[], withinMs: number): Promise<void> {
  const pending = new Set(endings)
  const all = Promise.allSettled(endings.map((ending) => ending.work.finally(() => pending.delete(ending))))
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, withinMs, null)
  })
  const results = await Promise.race([all, late])
  clearTimeout(timer)
  const left = [...pending].flatMap((ending) => ending.left() ?? [])
  if (results === null) throw new Error(`${what}: gave up after ${withinMs} ms; left: ${left.join(', ')}`)
  const failed = results.find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}
