import type { CpuTimes } from './cpu.ts'
import type { Target } from './target.ts'

/** One thing that is measured. */
export interface Row {
  readonly name: string
  /** Does the operation so many times, or a few more. Rejects when it is not done as it should be. */
  readonly run: (times: number) => Promise<void>
  /** Makes ready for the next `run` of so many times, off the clock. */
  readonly prepare?: (times: number) => Promise<void>
  readonly target?: Target
  /** What the row does and does not do, where its name is not enough. */
  readonly note?: string
}

/** Rows that are compared with one base. */
export interface Group {
  readonly name: string
  /** `time`: how many times as long as the base a row takes. `rate`: how many times as often as the base it is done. */
  readonly compares: 'time' | 'rate'
  readonly base: Row
  readonly rows: readonly Row[]
  /** Measures too what an operation allocates; for what happens in this process alone, one after the other. */
  readonly allocation?: boolean
  /** How long those who do the work have kept processors busy so far. */
  readonly cpu?: () => Promise<CpuTimes>
}
