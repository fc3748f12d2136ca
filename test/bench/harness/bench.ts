import type { Group } from './group.ts'
import { measure } from './measure.ts'
import type { MeasuredGroup, Settings } from './measure.ts'
import { groupText, tableText } from './text.ts'
import type { Table } from './text.ts'

/** What a suite measures and counts with. Each result is printed when it is there. */
export interface Bench {
  measure(group: Group, settings?: Partial<Settings>): Promise<void>
  table(table: Table): void
}

/** A suite opens what it needs, measures, and closes it. */
export type Suite = (bench: Bench) => Promise<void>

export interface SuiteResults {
  readonly groups: readonly MeasuredGroup[]
  readonly tables: readonly Table[]
}

const SETTINGS: Settings = { rounds: 9, roundMs: 60, warmUpMs: 200, now: () => performance.now() }

export async function runSuite(suite: Suite, print: (text: string) => void): Promise<SuiteResults> {
  const groups: MeasuredGroup[] = []
  const tables: Table[] = []
  await suite({
    async measure(group, settings = {}) {
      const measured = await measure(group, { ...SETTINGS, ...settings })
      groups.push(measured)
      print(groupText(measured))
    },
    table(table) {
      tables.push(table)
      print(tableText(table))
    },
  })
  return { groups, tables }
}
