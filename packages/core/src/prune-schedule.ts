import { checkOptions, isFunction } from './check-options.ts'
import { wholeNumber } from './option-rules.ts'
import { keepRule } from './prune-tokens.ts'
import type { PruneOptions } from './prune-tokens.ts'

export interface PruningOptions extends PruneOptions {
  /** The time from one run to the next. Default an hour. */
  readonly everyMs?: number | undefined
  /** From 0 to below 1: where in the first `everyMs` the first run comes. Default `Math.random`. */
  readonly random?: (() => number) | undefined
}

/** Pruning that goes on until it is stopped. */
export interface Pruning extends AsyncDisposable {
  /** Ends the schedule, and resolves when the run that is under way has ended. */
  stop(): Promise<void>
}

/** Starts schedules, one after the other. */
export interface Pruner {
  start(options: PruningOptions): Pruning
  stop(): Promise<void>
}

const HOUR_MS = 60 * 60 * 1000
const LONGEST_TIMEOUT_MS = 2_147_483_647

const rules = {
  everyMs: wholeNumber(1000, LONGEST_TIMEOUT_MS, 'milliseconds'),
  keepMs: keepRule,
  random: { right: 'a function', test: isFunction },
}

export function createPruner(
  prune: (options: PruneOptions) => Promise<unknown>,
  onError: (error: Error) => void,
): Pruner {
  let current: Pruning | null = null
  let running: Promise<void> | null = null

  function run(options: PruneOptions): void {
    running ??= prune(options)
      .then(() => undefined, onError)
      .finally(() => {
        running = null
      })
  }

  /**
   * The first run comes at a random moment of the first `everyMs`, so that processes that start together do not prune
   * together, and then there is one in every `everyMs`. One that is due while another is under way is left out. No timer
   * keeps the process alive.
   *
   * @throws TypeError that names the option that is unknown or wrong
   * @throws Error when there is a schedule already
   */
  function start(options: PruningOptions): Pruning {
    checkOptions('startPruning', options, rules)
    if (current !== null) throw new Error('startPruning: there is a schedule already; stop it first')
    const { everyMs = HOUR_MS, random = Math.random } = options
    let timer = setTimeout(() => {
      timer = setInterval(run, everyMs, options).unref()
      run(options)
    }, random() * everyMs).unref()

    async function stop(): Promise<void> {
      clearTimeout(timer)
      if (current === pruning) current = null
      await running
    }

    const pruning: Pruning = { stop, [Symbol.asyncDispose]: stop }
    current = pruning
    return pruning
  }

  async function stop(): Promise<void> {
    await current?.stop()
    await running
  }

  return { start, stop }
}
