import { setTimeout as wait } from 'node:timers/promises'
import type { Statements } from './database.ts'
import { failureOf, isBusy } from './failure.ts'

/** Work in a transaction. It can run again, and after a failure it leaves nothing written: see `inSavepoint`. */
interface Job {
  readonly work: () => unknown
  readonly operation: string
  readonly settle: (outcome: Outcome) => void
  readonly until: number
}

type Outcome = { readonly answer: unknown } | { readonly error: unknown }

/** Runs work on one connection. */
export interface Writer {
  /** In a transaction of its own, or in one with other work. Resolves after it is committed. */
  write<Answer>(operation: string, work: () => Answer): Promise<Answer>
  /** Repeats work as long as another connection has the lock. */
  read<Answer>(work: () => Answer): Promise<Answer>
}

const IN_TRANSACTION =
  'the connection is inside a transaction that the store has not begun: give the store a connection of its own'

/** So long the event loop is held by one transaction, and by the work that it began within this time. */
const TURN_MS = 4
const LONGEST_WAIT_MS = 20

/**
 * Many writes share one transaction, and so one write to the disk. While another process has the lock, this one waits
 * with timers: the event loop goes on.
 *
 * @param deadlineMs How long work may wait for the lock.
 */
export function createWriter(sql: Statements, deadlineMs: number): Writer {
  const queue: Job[] = []
  let isRunning = false

  async function run(): Promise<void> {
    isRunning = true
    // What comes in the same turn of the event loop joins the transaction.
    await new Promise(setImmediate)
    while (queue.length > 0) {
      try {
        refuseForeign()
        sql.exec('begin immediate')
      } catch (error) {
        await giveWay(error)
        continue
      }
      const done = runJobs()
      commit(done)
      await new Promise(setImmediate)
    }
    isRunning = false
  }

  /** In a transaction of the app, a read would see an old state, and its end would undo a write. */
  function refuseForeign(): void {
    if (sql.isInTransaction()) throw new Error(IN_TRANSACTION)
  }

  /** After a `begin` that failed. */
  async function giveWay(error: unknown): Promise<void> {
    const now = performance.now()
    for (let index = queue.length - 1; index >= 0; index -= 1) {
      const job = queue[index]
      if (job === undefined || (isBusy(error) && now < job.until)) continue
      queue.splice(index, 1)
      job.settle({ error: isBusy(error) ? lateError(deadlineMs, error) : error })
    }
    if (queue.length > 0) await pause()
  }

  /** As many as fit into the turn. One may fail alone. After a failure that undid all, the others run again. */
  function runJobs(): readonly (readonly [Job, Outcome])[] {
    const done: (readonly [Job, Outcome])[] = []
    const end = performance.now() + TURN_MS
    do {
      const job = queue.shift()
      if (job === undefined) break
      const outcome = runJob(job)
      if (!sql.isInTransaction()) {
        queue.unshift(...done.map(([undone]) => undone))
        return [[job, outcome]]
      }
      done.push([job, outcome])
    } while (performance.now() < end)
    return done
  }

  function runJob({ work, operation }: Job): Outcome {
    try {
      return { answer: work() }
    } catch (error) {
      return { error: failureOf(operation, error) }
    }
  }

  function commit(done: readonly (readonly [Job, Outcome])[]): void {
    let failure: Outcome | null = null
    try {
      if (sql.isInTransaction()) sql.exec('commit')
    } catch (error) {
      failure = { error: failureOf(done[0]?.[0].operation ?? 'write', error) }
      undo()
    }
    for (const [{ settle }, outcome] of done) settle('error' in outcome ? outcome : (failure ?? outcome))
  }

  function undo(): void {
    try {
      sql.exec('rollback')
    } catch {
      // The database has done so by itself.
    }
  }

  return {
    write: <Answer>(operation: string, work: () => Answer) =>
      new Promise<Answer>((resolve, reject) => {
        const settle = (outcome: Outcome) =>
          'error' in outcome ? reject(asError(outcome.error)) : resolve(outcome.answer as Answer) // As `work` answered.
        queue.push({ work, operation, settle, until: performance.now() + deadlineMs })
        if (!isRunning) void run()
      }),
    async read(work) {
      const until = performance.now() + deadlineMs
      for (;;) {
        try {
          refuseForeign()
          return work()
        } catch (error) {
          if (!isBusy(error)) throw error
          if (performance.now() >= until) throw lateError(deadlineMs, error)
          await pause()
        }
      }
    },
  }
}

/** At random, so that processes that wait for the same lock do not meet again. */
function pause(): Promise<void> {
  return wait(1 + Math.random() * LONGEST_WAIT_MS)
}

function lateError(ms: number, cause: unknown): Error {
  return new Error(`another connection kept the database locked for ${ms} ms`, { cause })
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the database failed', { cause: error })
}
