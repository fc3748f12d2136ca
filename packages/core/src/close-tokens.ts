import { endWithin } from './observe/end-within.ts'
import type { Background } from './observe/background.ts'
import type { Events } from './observe/events.ts'
import { checkOptions } from './setup/check-options.ts'
import { wholeNumber } from './setup/option-rules.ts'
import type { Scheduler } from './setup/schedule.ts'
import type { AskRecorder } from './verify/uses/record-asked.ts'
import type { UseRecorder } from './verify/uses/record-use.ts'
import type { Watcher } from './watch/watch-token.ts'

export interface CloseOptions {
  /** The time for it, 1 to 3,600,000. Default 10,000. */
  readonly withinMs?: number | undefined
}

/** What goes on in the background of some tokens. */
interface Running {
  readonly schedulers: readonly Pick<Scheduler<never>, 'stop'>[]
  readonly watcher: Pick<Watcher, 'close'>
  readonly background: Background
  readonly uses: UseRecorder
  readonly asks: AskRecorder | null
  readonly events: Events | null
}

/** The verb `close`. */
export async function closeTokens(
  { schedulers, watcher, background, uses, asks, events }: Running,
  options: CloseOptions,
): Promise<void> {
  checkOptions('close', options, { withinMs: wholeNumber(1, 3_600_000, 'milliseconds') })
  watcher.close()
  const stopped = Promise.all(schedulers.map((scheduler) => scheduler.stop()))
  const written = background.idle().then(() => flushAll(uses, asks))
  // A run of a schedule has events, too.
  const delivered = Promise.allSettled([stopped, written]).then(() => events?.delivered())
  const endings = [
    { work: stopped, left: () => 'a run of a schedule' },
    { work: written, left: () => 'uses that the store has not taken' },
    { work: delivered, left: () => eventsIn(events) },
  ]
  await endWithin('close', endings, options.withinMs ?? 10_000)
}

/** The verb `flush`. Both are tried, whatever becomes of the first. */
export async function flushAll(uses: UseRecorder, asks: AskRecorder | null): Promise<void> {
  try {
    await asks?.flush()
  } finally {
    await uses.flush()
  }
}

function eventsIn(events: Events | null): string | null {
  const pending = events?.pending() ?? 0
  return pending === 0 ? null : `${pending} events that "onEvent" has not finished with`
}
