import type { TestContext } from 'vitest'
import { ENDINGS } from './endings.ts'
import type { Fleet } from './fleet.ts'
import { addOutcomes } from './outcome.ts'
import { seededRandom } from './random.ts'
import type { Keep, Scene } from './rounds.ts'
import { CHECKS, SEED } from './settings.ts'
import { RECOVERY_MS, openTally } from './tally.ts'
import type { Report } from './tally.ts'

export const WAYS: readonly string[] = Object.keys(ENDINGS).sort()

/** For a server that writes each change to its disk before it confirms it. */
const keptOnDisk: Keep = async (call) => ({ result: await call(), isKept: true })

export function setScene(fleet: Fleet, keep: Keep = keptOnDisk, seed: number = SEED): Scene {
  return { fleet, keep, tally: openTally(), random: seededRandom(seed) }
}

/** Expects that nothing ended was accepted, that only faults explain 503, and that service was back in time. */
export function expectReport({ task, expect }: TestContext, report: Report, checks: number = CHECKS): void {
  const { staleAccepts, wrongAnswers, unavailable, recoveriesMs } = report
  addOutcomes(task, [
    {
      scenario: task.name,
      process: 'four processes, cached',
      ...{ uses: report.checks, accepted: staleAccepts.length, unavailable },
      lastAcceptedMs: maxOf(staleAccepts.map(({ afterMs }) => afterMs)),
      backAfterMs: maxOf(recoveriesMs),
    },
  ])
  const where = `${task.name}, seed ${SEED}: ${staleAccepts.length} of ${report.checks} accepted`
  expect({ staleAccepts, wrongAnswers }, where).toEqual({ staleAccepts: [], wrongAnswers: [] })
  expect(report.checks, where).toBeGreaterThanOrEqual(checks)
  expect(Object.keys(report.endings).sort(), where).toEqual(WAYS)
  for (const ms of recoveriesMs) expect(ms, where).toBeLessThan(RECOVERY_MS)
}

function maxOf(all: readonly number[]): number | null {
  return all.length === 0 ? null : Math.max(...all)
}
