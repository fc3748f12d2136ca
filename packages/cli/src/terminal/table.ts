import { cutTo, printable, widthOf } from './width.ts'

export interface Column {
  readonly title: string
  /** Cut to this many cells, if the table is wider than the terminal. An id is never cut. */
  readonly cutTo?: number
}

const GAP = '  '

/**
 * The lines of a table, one a row, with the title first.
 *
 * @param columns How many cells the terminal has; `undefined` outside of one: then nothing is cut.
 */
export function tableLines(
  head: readonly Column[],
  rows: readonly (readonly string[])[],
  columns: number | undefined,
): readonly string[] {
  const lines = [head.map(({ title }) => title), ...rows.map((row) => row.map(printable))]
  const isTooWide = columns !== undefined && sum(widths(lines)) + GAP.length * (head.length - 1) > columns
  const shown = isTooWide
    ? lines.map((line) => line.map((text, at) => cutTo(text, head[at]?.cutTo ?? Infinity)))
    : lines
  const cells = widths(shown)
  return shown.map((line) =>
    line
      .map((text, at) => pad(text, cells[at] ?? 0))
      .join(GAP)
      .trimEnd(),
  )
}

function widths(lines: readonly (readonly string[])[]): readonly number[] {
  return (lines[0] ?? []).map((_, at) => lines.reduce((most, line) => Math.max(most, widthOf(line[at] ?? '')), 0))
}

function pad(text: string, cells: number): string {
  return text + ' '.repeat(cells - widthOf(text))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
