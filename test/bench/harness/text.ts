import type { CpuFigure, MeasuredGroup, MeasuredRow } from './measure.ts'

/** Figures that are counted or weighed, and not compared in rounds: a text or a number in each column. */
export interface Table {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** A group as a Markdown table, its notes below. */
export function groupText({ name, compares, rows }: MeasuredGroup): string {
  const weighs = rows.some(({ bytesPerOperation }) => bytesPerOperation !== null)
  const cpuColumns = Object.keys(cpuFiguresOf(rows[0])).flatMap((part) => [`${part}, × base`, `${part} µs/op`])
  const table = tableText({
    name,
    columns: [
      'row',
      compares === 'time' ? 'time, × base' : 'rate, × base',
      'middle half',
      'target',
      'reached',
      'µs/op',
      'op/s',
      ...cpuColumns,
      ...(weighs ? ['B/op'] : []),
    ],
    rows: rows.map((row) => [
      ...cellsOf(row),
      ...Object.values(cpuFiguresOf(row)).flatMap(cpuCells),
      ...(weighs ? [(row.bytesPerOperation ?? 0).toFixed(0)] : []),
    ]),
  })
  const notes = rows.filter(({ note }) => note !== null).map((row) => `- ${row.name}: ${row.note}`)
  return [table, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n')
}

function cellsOf({ name, ratio, target, microsecondsPerOperation }: MeasuredRow): string[] {
  return [
    name,
    ratio === null ? 'base' : ratio.median.toFixed(2),
    ratio === null ? '' : `${ratio.lower.toFixed(2)} … ${ratio.upper.toFixed(2)}`,
    target?.text ?? '',
    target === null ? '' : target.reached ? 'yes' : 'no',
    microsecondsPerOperation.toPrecision(3),
    Math.round(1e6 / microsecondsPerOperation).toLocaleString('en'),
  ]
}

/** All of it, and then what each part took if there are several. */
function cpuFiguresOf(row: MeasuredRow | undefined): Readonly<Record<string, CpuFigure>> {
  if (row === undefined || row.cpu === null) return {}
  const { parts, ...all } = row.cpu
  return Object.keys(parts).length > 1 ? { CPU: all, ...parts } : { CPU: all }
}

function cpuCells({ ratio, microsecondsPerOperation }: CpuFigure): string[] {
  return [ratio?.median.toFixed(2) ?? 'base', microsecondsPerOperation.toPrecision(3)]
}

/** A Markdown table whose columns are aligned: the first to the left, the others to the right. */
export function tableText({ name, columns, rows }: Table): string {
  const cells = [columns, ...rows].map((row) => row.map(String))
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0), 3))
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => pad(row[column] ?? '', width, column)).join(' | ')} |`
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  const [head = [], ...body] = cells
  return [`### ${name}`, '', line(head), line(rule), ...body.map(line)].join('\n')
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width)
}
