import { checkOptions, isFunction } from './check-options.ts'
import type { OptionRule } from './check-options.ts'
import { wholeNumber } from './option-rules.ts'

export interface ScheduleOptions {
  /** The time from one run to the next. Default an hour. */
  readonly everyMs?: number | undefined
  /** From 0 to below 1: the place of the first run within the first `everyMs`. Default `Math.random`. */
  readonly random?: (() => number) | undefined
}

/** Repeated work, until it is stopped. */
export interface Schedule extends AsyncDisposable {
  /** Ends the schedule, and resolves at the end of a current run. */
  stop(): Promise<void>
}

/** Starts schedules of one kind of work, one after the other. */
export interface Scheduler<Options> {
  start(options: Options): Schedule
  stop(): Promise<void>
}

/** The default of `everyMs`: an hour. */
const EVERY_MS = 60 * 60 * 1000
const LONGEST_TIMEOUT_MS = 2_147_483_647

/**
 * @param factory The verb that starts the schedules, for messages.
 * @param rules The rules of the work's own options, beside the schedule's.
 */
export function createScheduler<Options extends ScheduleOptions>(
  factory: string,
  rules: Readonly<Record<string, OptionRule>>,
  work: (options: Options, everyMs: number) => Promise<unknown>,
  onError: (error: Error) => void,
): Scheduler<Options> {
  let current: Schedule | null = null
  let running: Promise<void> | null = null

  function run(options: Options, everyMs: number): void {
    running ??= work(options, everyMs)
      .then(() => undefined, onError)
      .finally(() => {
        running = null
      })
  }

  /**
   * Runs once in every `everyMs`. The first run comes at a random moment of the first `everyMs`, so processes started
   * together do not run together. A due run is left out if another is not over. No timer keeps the process alive.
   *
   * @throws TypeError for an unknown or wrong option, with its name
   * @throws Error if there is a schedule already
   */
  function start(options: Options): Schedule {
    checkOptions(factory, options, {
      everyMs: wholeNumber(1000, LONGEST_TIMEOUT_MS, 'milliseconds'),
      ...rules,
      random: { right: 'a function', test: isFunction },
    })
    if (current !== null) throw new Error(`${factory}: there is a schedule already; stop it first`)
    const { everyMs = EVERY_MS, random = Math.random } = options
    let timer = setTimeout(() => {
      timer = setInterval(run, everyMs, options, everyMs).unref()
      run(options, everyMs)
    }, random() * everyMs).unref()

    async function stop(): Promise<void> {
      clearTimeout(timer)
      if (current === schedule) current = null
      await running
    }

    const schedule: Schedule = { stop, [Symbol.asyncDispose]: stop }
    current = schedule
    return schedule
  }

  async function stop(): Promise<void> {
    await current?.stop()
    await running
  }

  return { start, stop }
}
