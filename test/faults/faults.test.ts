import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLongRun } from '../support/how-much.ts'
import { startRedis } from '../redis/index.ts'
import type { RedisServer } from '../redis/index.ts'
import { WAYS, expectReport, setScene } from './expect-report.ts'
import { delayAnswers, freezeProcesses, holdAnswers, killServer } from './faults.ts'
import { onRedis, startFleet } from './fleet.ts'
import type { Fleet } from './fleet.ts'
import { underLoad } from './load.ts'
import { runScenario } from './scenario.ts'
import { CHECKS, SEED, TIMEOUT_MS } from './settings.ts'
import { endStreams } from '../streams/end-streams.ts'
import { startWatchedRedis } from './watched-redis.ts'

// A server fails over once, and has no replica then.
const FAILOVERS = isLongRun ? 6 : 1
const STREAMS = isLongRun ? 1_000 : 200
const ON_DISK = { config: ['appendonly yes', 'appendfsync always'] }

describe('four processes on one Redis', { timeout: TIMEOUT_MS }, () => {
  let redis: RedisServer
  let fleet: Fleet

  beforeAll(async () => {
    redis = await startRedis(ON_DISK)
    fleet = await startFleet(onRedis(redis.port))
  })

  afterAll(async () => {
    await fleet[Symbol.asyncDispose]()
    await redis.stop()
  })

  it('end the streams of a revoked token within the bound, and none of an active one', async () => {
    const { endedAfterMs, endedActive } = await endStreams(
      STREAMS,
      fleet.members.map(({ url }) => url),
      redis.port,
    )
    expect([endedAfterMs.length, endedActive]).toEqual([STREAMS / 2, 0])
    // The default of `withinMs`, and the way here on a machine with other work.
    expect(Math.max(...endedAfterMs)).toBeLessThan(6_000)
  })

  it('refuse a token from the acknowledgement of its end on', async (test) => {
    expectReport(test, await runScenario(setScene(fleet), { players: 1, checks: CHECKS }))
  })

  it('refuse it under load', async (test) => {
    const scene = setScene(fleet)
    expectReport(test, await underLoad(scene, () => runScenario(scene, { players: 4, checks: CHECKS })))
  })

  it.for([
    ['they are stopped and go on', freezeProcesses],
    ['what Redis answers one of them is late', delayAnswers],
    ['what Redis answers one of them is held back', holdAnswers],
  ] as const)('refuse it while %s', async ([, fault], test) => {
    const scene = setScene(fleet)
    const report = await runScenario(scene, { players: 4, checks: CHECKS, fault: () => fault(scene) })
    expectReport(test, report)
    expect(report.checksAmidFaults).toBeGreaterThan(0)
  })

  it('refuse it while Redis is killed and restarts', async (test) => {
    const scene = setScene(fleet)
    const fault = () => killServer(scene, redis)
    expectReport(test, await runScenario(scene, { players: 4, checks: CHECKS, fault }))
  })
})

describe('four processes on Redis under Sentinel', { timeout: TIMEOUT_MS }, () => {
  it('refuse an ended token while a replica is promoted that has what was acknowledged', async (test) => {
    const checks = Math.ceil(CHECKS / FAILOVERS)
    for (let count = 0; count < FAILOVERS; count += 1) {
      await using redis = await startWatchedRedis()
      await using fleet = await startFleet(onRedis(redis.port))
      const scene = setScene(fleet, redis.keep, SEED + count)
      const fault = () => redis.failOver(scene)
      expectReport(test, await runScenario(scene, { players: 4, checks, fault, once: true }), checks)
    }
  })
})

describe('the harness', { timeout: TIMEOUT_MS }, () => {
  it('sees the tokens that a bounded cache accepts, in whichever way they were ended', async () => {
    await using redis = await startRedis(ON_DISK)
    await using fleet = await startFleet(onRedis(redis.port), 'bounded:5000')
    const { staleAccepts, wrongAnswers } = await runScenario(setScene(fleet), { players: 1, checks: 100 })
    expect([...new Set(staleAccepts.map(({ endedBy }) => endedBy))].sort()).toEqual(WAYS)
    expect(wrongAnswers).toEqual([])
  })
})
