import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestContext } from 'vitest'
import { startRedis } from '../redis/index.ts'
import type { RedisServer } from '../redis/index.ts'
import { ENDINGS } from './endings.ts'
import { delayAnswers, freezeProcesses, holdAnswers, killRedis } from './faults.ts'
import { startFleet } from './fleet.ts'
import type { Fleet } from './fleet.ts'
import { underLoad } from './load.ts'
import { addOutcomes } from './outcome.ts'
import { seededRandom } from './random.ts'
import type { Keep, Scene } from './rounds.ts'
import { runScenario } from './scenario.ts'
import { RECOVERY_MS, openTally } from './tally.ts'
import type { Report } from './tally.ts'
import { startWatchedRedis } from './watched-redis.ts'

const WANTED = process.env['TESSERA_FAULT_CHECKS']
const SCENARIOS = 7
const CHECKS = Math.ceil(Number(WANTED ?? 2_100) / SCENARIOS)
// A server fails over once, and has no replica then.
const FAILOVERS = WANTED === undefined ? 1 : 6
const SEED = Number(process.env['TESSERA_FAULT_SEED'] ?? randomInt(2 ** 32))
const TIMEOUT_MS = WANTED === undefined ? 60_000 : 600_000
const WAYS = Object.keys(ENDINGS).sort()
const ON_DISK = { config: ['appendonly yes', 'appendfsync always'] }

/** Redis writes each change to its disk before it confirms it. */
const keptOnDisk: Keep = async (call) => ({ result: await call(), isKept: true })

function setScene(fleet: Fleet, keep = keptOnDisk, seed = SEED): Scene {
  return { fleet, keep, tally: openTally(), random: seededRandom(seed) }
}

function expectPromiseKept({ task }: TestContext, report: Report, checks = CHECKS): void {
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

describe('four processes on one Redis', { timeout: TIMEOUT_MS }, () => {
  let redis: RedisServer
  let fleet: Fleet

  beforeAll(async () => {
    redis = await startRedis(ON_DISK)
    fleet = await startFleet(redis.port)
  })

  afterAll(async () => {
    await fleet[Symbol.asyncDispose]()
    await redis.stop()
  })

  it('refuse a token from the acknowledgement of its end on', async (test) => {
    expectPromiseKept(test, await runScenario(setScene(fleet), { players: 1, checks: CHECKS }))
  })

  it('refuse it under load', async (test) => {
    const scene = setScene(fleet)
    expectPromiseKept(test, await underLoad(scene, () => runScenario(scene, { players: 4, checks: CHECKS })))
  })

  it.for([
    ['they are stopped and go on', freezeProcesses],
    ['what Redis answers one of them is late', delayAnswers],
    ['what Redis answers one of them is held back', holdAnswers],
  ] as const)('refuse it while %s', async ([, fault], test) => {
    const scene = setScene(fleet)
    const report = await runScenario(scene, { players: 4, checks: CHECKS, fault: () => fault(scene) })
    expectPromiseKept(test, report)
    expect(report.checksAmidFaults).toBeGreaterThan(0)
  })

  it('refuse it while Redis is killed and restarts', async (test) => {
    const scene = setScene(fleet)
    const fault = () => killRedis(scene, redis)
    expectPromiseKept(test, await runScenario(scene, { players: 4, checks: CHECKS, fault }))
  })
})

describe('four processes on Redis under Sentinel', { timeout: TIMEOUT_MS }, () => {
  it('refuse an ended token while a replica is promoted that has what was acknowledged', async (test) => {
    const checks = Math.ceil(CHECKS / FAILOVERS)
    for (let count = 0; count < FAILOVERS; count += 1) {
      await using redis = await startWatchedRedis()
      await using fleet = await startFleet(redis.port)
      const scene = setScene(fleet, redis.keep, SEED + count)
      const fault = () => redis.failOver(scene)
      expectPromiseKept(test, await runScenario(scene, { players: 4, checks, fault, once: true }), checks)
    }
  })
})

describe('the harness', { timeout: TIMEOUT_MS }, () => {
  it('sees the tokens that a bounded cache accepts, in whichever way they were ended', async () => {
    await using redis = await startRedis(ON_DISK)
    await using fleet = await startFleet(redis.port, 'bounded:5000')
    const { staleAccepts, wrongAnswers } = await runScenario(setScene(fleet), { players: 1, checks: 100 })
    expect([...new Set(staleAccepts.map(({ endedBy }) => endedBy))].sort()).toEqual(WAYS)
    expect(wrongAnswers).toEqual([])
  })
})
