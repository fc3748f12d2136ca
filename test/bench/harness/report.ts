import type { SuiteResults } from './bench.ts'
import { groupText, tableText } from './text.ts'

/** All that one run measured, and what it ran on. */
export interface Report {
  readonly startedAt: Date
  readonly node: string
  readonly platform: string
  readonly cpu: string
  readonly cores: number
  /** By the name of the package or program. */
  readonly versions: Readonly<Record<string, string>>
  readonly suites: Readonly<Record<string, SuiteResults>>
}

/** The report as Markdown, to be put under a heading of the second level. */
export function reportText({ startedAt, node, platform, cpu, cores, versions, suites }: Report): string {
  const machine = `Measured on ${startedAt.toISOString().slice(0, 10)}: Node ${node} on ${platform}, ${cores} × ${cpu}.`
  const listed = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const sections = Object.entries(suites).flatMap(([name, { groups, tables }]) => [
    `### ${name}`,
    ...[...groups.map(groupText), ...tables.map(tableText)].map((text) => `#${text}`),
  ])
  return `${[machine, `With ${listed.join(', ')}.`, ...sections].join('\n\n')}\n`
}
