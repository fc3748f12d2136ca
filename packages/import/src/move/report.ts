import { LegacyRowError } from '../systems/system.ts'
import type { KeptToken } from './keep-token.ts'

/** The outcome of the rows so far. Rows are counted from 1. */
export interface ImportReport {
  /** How many rows are done. After a failure, the import can go on behind them: see `skip`. */
  readonly read: number
  readonly imported: number
  /** Rows of an earlier import. */
  readonly present: number
  readonly refused: number
  /** Refused rows, with the reason: the first 1,000. */
  readonly faults: readonly RowNote[]
  /** The losses of rows: the first 1,000. */
  readonly losses: readonly RowNote[]
}

/** It holds no secret and no digest. */
export interface RowNote {
  readonly row: number
  readonly what: string
}

/** Counts rows. */
export interface Reporter {
  /** @throws unless the failure is one of the row */
  count(row: number, outcome: PromiseSettledResult<KeptToken>): void
  /** Rows of an earlier run. */
  skipped(): void
  report(): ImportReport
}

const MOST_NOTES = 1_000

export function createReporter(): Reporter {
  let [read, imported, present, refused] = [0, 0, 0, 0]
  const faults: RowNote[] = []
  const losses: RowNote[] = []
  const note = (notes: RowNote[], row: number, what: string) => {
    if (notes.length < MOST_NOTES) notes.push({ row, what })
  }

  return {
    count(row, settled) {
      if (settled.status === 'rejected') {
        if (!(settled.reason instanceof LegacyRowError)) throw settled.reason
        refused += 1
        note(faults, row, settled.reason.message)
      } else {
        const { outcome, notes } = settled.value
        if (outcome === 'imported') imported += 1
        else present += 1
        for (const what of notes) note(losses, row, what)
      }
      read += 1
    },
    skipped() {
      read += 1
    },
    report: () => ({ read, imported, present, refused, faults: [...faults], losses: [...losses] }),
  }
}
