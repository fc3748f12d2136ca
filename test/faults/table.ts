import type { Reporter } from 'vitest/node'
import type { Outcome } from './outcome.ts'

/** Ends a run with a table of what the fault scenarios saw. */
export const faultTable: Reporter = {
  onTestRunEnd(modules) {
    const outcomes = modules.flatMap((module) =>
      [...module.children.allTests()].flatMap((test) => test.meta().outcomes ?? []),
    )
    if (outcomes.length > 0) process.stdout.write(`\n${tableOf(outcomes)}\n`)
  },
}

export function tableOf(outcomes: readonly Outcome[]): string {
  const head = ['scenario', 'process', 'uses', 'accepted', 'last after', '503', 'back after']
  const rows = outcomes.map(({ scenario, process, uses, accepted, lastAcceptedMs, unavailable, backAfterMs }) => [
    ...[scenario, process, String(uses), String(accepted), inSeconds(lastAcceptedMs)],
    ...[String(unavailable), inSeconds(backAfterMs)],
  ])
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
  return [head, widths.map((width) => '-'.repeat(width)), ...rows].map((cells) => line(cells).join('  ')).join('\n')
}

function inSeconds(ms: number | null): string {
  return ms === null ? '-' : `${(ms / 1_000).toFixed(2)} s`
}
