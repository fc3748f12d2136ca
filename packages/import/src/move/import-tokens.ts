import { checkOptions, isBoolean, isFunction, isLine, recordsOf, wholeNumber } from '@tessera/core'
import type { TokenRecords, Tokens } from '@tessera/core'
import { LegacyRowError, readRow } from '../systems/system.ts'
import type { LegacyRow, LegacySystem } from '../systems/system.ts'
import { keepRecord } from './keep-record.ts'
import { keepToken } from './keep-token.ts'
import type { KeepOptions, KeptToken } from './keep-token.ts'
import { createReporter } from './report.ts'
import type { ImportReport } from './report.ts'

export interface ImportOptions {
  /** The system of the rows. Left out, the rows are those of `exportTokens`. */
  readonly from?: LegacySystem | undefined
  /** Checks and counts, and writes nothing. */
  readonly dryRun?: boolean | undefined
  /** Passes over so many rows: the `read` of an earlier report. Default 0. Rows of an earlier import are passed over anyway. */
  readonly skip?: number | undefined
  /** Rows at the same moment. Default 16. */
  readonly atOnce?: number | undefined
  /** Who imports, for the events. */
  readonly by?: string | null | undefined
  /** Called after every few rows, in order. */
  readonly onProgress?: ((report: ImportReport) => void) | undefined
}

type Keep = (row: LegacyRow) => Promise<KeptToken>

const MOST_AT_ONCE = 256

/**
 * Imports tokens, and their secrets are accepted from then on: see `legacyAuthenticator`. Importing a row again changes
 * nothing, even if its token has ended and was pruned since. The limit of active tokens does not keep a token out, but it
 * counts.
 *
 * After a failure of the store it is enough to call it again, with or without `skip`.
 *
 * @param source The rows in their own columns, e.g. of `readJsonLines`, or of a cursor of your database.
 * @throws StoreError if the store fails
 * @throws TypeError for an unknown or wrong option, with its name
 */
export async function importTokens(
  tokens: Tokens,
  source: AsyncIterable<unknown> | Iterable<unknown>,
  options: ImportOptions = {},
): Promise<ImportReport> {
  checkImport(options)
  const { skip = 0, atOnce = 16, onProgress = () => {} } = options
  const keep = keeperOf(recordsOf(tokens), options)
  const reporter = createReporter()
  let row = 0
  let batch: unknown[] = []

  async function finish(): Promise<void> {
    const first = row - batch.length + 1
    const settled = await Promise.allSettled(batch.map(async (each) => keep(rowIn(each))))
    batch = []
    for (const [index, each] of settled.entries()) reporter.count(first + index, each)
    onProgress(reporter.report())
  }

  for await (const each of source) {
    row += 1
    if (row <= skip) {
      reporter.skipped()
      continue
    }
    batch.push(each)
    if (batch.length === atOnce) await finish()
  }
  if (batch.length > 0) await finish()
  return reporter.report()
}

function keeperOf(records: TokenRecords, { from, by, dryRun }: ImportOptions): Keep {
  const how: KeepOptions = { by, dryRun }
  if (from === undefined) return (row) => keepRecord(records, row, how)
  return async (row) =>
    keepToken(
      records,
      from.name,
      readRow(() => from.row(row)),
      how,
    )
}

function rowIn(value: unknown): LegacyRow {
  if (value instanceof LegacyRowError) throw value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new LegacyRowError('no JSON object')
  return value as LegacyRow
}

function checkImport(options: ImportOptions): void {
  checkOptions('importTokens', options, {
    from: { right: 'a system such as sanctum()', test: isSystem },
    dryRun: { right: 'a boolean', test: isBoolean },
    skip: wholeNumber(0, Number.MAX_SAFE_INTEGER),
    atOnce: wholeNumber(1, MOST_AT_ONCE),
    by: { right: 'a text or null', test: (value) => value === null || typeof value === 'string' },
    onProgress: { right: 'a function', test: isFunction },
  })
}

function isSystem(value: unknown): boolean {
  const { name, row }: Partial<LegacySystem> = value ?? {}
  return isLine(name) && isFunction(row)
}
