import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { exportTokens, formats, importTokens, readJsonLines } from '@tessera/import'
import type { ImportReport, RowNote } from '@tessera/import'
import { exitCodes, usage } from '../terminal/exit-codes.ts'
import { createProgress } from '../terminal/progress.ts'
import { printable } from '../terminal/width.ts'
import type { Call, Command } from './command.ts'

const WHOLE = /^\d{1,15}$/
/** Rows between two waits for a slow reader. */
const AT_ONCE = 500

export const importFile: Command = {
  name: 'import',
  args: 'FILE',
  summary: 'import tokens from a JSONL file, or - for stdin; again is no harm',
  options: [
    { flags: '--format <system>', summary: `${[...formats.keys()].join(', ')}; default the rows of an export` },
    { flags: '--dry-run', summary: 'only say what would be imported' },
    { flags: '--skip <rows>', summary: 'go on behind so many rows' },
  ],
  access: 'changes',
  async run(call) {
    const { app, options, by, json, print, note, terminal } = call
    const from = formatIn(call)
    const skip = skipIn(call)
    const file = await fileIn(call)
    const { tokens } = await app()
    const dryRun = options.flag('dryRun')
    const progress = createProgress(terminal)
    let read = 0
    const onProgress = (report: ImportReport) => {
      read = report.read
      progress(`${read} rows`)
    }
    try {
      const report = await importTokens(tokens, readJsonLines(file), { from, skip, dryRun, by, onProgress })
      if (json) print(JSON.stringify({ ...report, dryRun }))
      else printReport(call, report, dryRun)
      return report.refused > 0 ? exitCodes.no : exitCodes.done
    } catch (error) {
      note(`stopped: ${read} rows are done. Repeat the command, or go on with --skip ${read}`)
      throw error
    }
  },
}

export const exportAll: Command = {
  name: 'export',
  args: '[OWNER...]',
  summary: 'export tokens with their digests as JSONL, of owners or of those on stdin: -',
  access: 'reads',
  async run(call) {
    const { app, print, terminal } = call
    const owners = call.args.filter((owner) => owner !== undefined)
    if (owners.length === 0) throw usage('give the owners to export, or - for one a line on stdin')
    const { tokens } = await app()
    let rows = 0
    for await (const row of exportTokens(tokens, ownersOf(call, owners))) {
      print(JSON.stringify(row))
      rows += 1
      if (rows % AT_ONCE === 0 && (await terminal.written.flushed()) !== null) break
    }
    call.note(`${rows} rows`)
  },
}

async function* ownersOf({ terminal }: Call, owners: readonly string[]): AsyncGenerator<string> {
  for (const owner of owners) {
    if (owner !== '-') yield owner
    else for await (const line of createInterface({ input: terminal.stdin })) if (line !== '') yield line
  }
}

function formatIn({ options }: Call) {
  const name = options.text('format')
  if (name === undefined) return undefined
  const system = formats.get(name)
  if (system === undefined) throw usage(`--format must be one of ${[...formats.keys()].join(', ')}`)
  return system
}

function skipIn({ options }: Call): number {
  const text = options.text('skip') ?? '0'
  if (!WHOLE.test(text)) throw usage('--skip must be a number of rows')
  return Number(text)
}

async function fileIn({ args, terminal }: Call): Promise<AsyncIterable<string | Uint8Array>> {
  const [name = ''] = args
  if (name === '-') return terminal.stdin
  const path = resolve(terminal.cwd, name)
  const file = await stat(path).catch(() => null)
  if (file === null || file.isDirectory()) throw usage(`FILE must be a file that is there, or -: ${printable(name)}`)
  return createReadStream(path)
}

function printReport({ print, note }: Call, report: ImportReport, dryRun: boolean): void {
  const { read, imported, present, refused, faults, losses } = report
  for (const fault of faults) note(`refused: ${lineOfNote(fault)}`)
  for (const loss of losses) note(`imported with a loss: ${lineOfNote(loss)}`)
  const done = dryRun ? 'would be imported' : 'imported'
  print(`${read} rows: ${imported} ${done}, ${present} imported before, ${refused} refused`)
}

function lineOfNote({ row, what }: RowNote): string {
  return printable(`row ${row}: ${what}`)
}
