import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLongRun } from '../../support/how-much.ts'
import { startRedis } from '../../redis/index.ts'
import type { RedisServer } from '../../redis/index.ts'
import { expectReport, setScene } from '../expect-report.ts'
import { delayAnswers, freezeProcesses, holdAnswers, isolate, killProcesses, killServer } from '../faults.ts'
import { onRedis, startFleet } from '../fleet.ts'
import type { Fleet } from '../fleet.ts'
import { runScenario } from '../scenario.ts'
import { CHECKS, SEED, TIMEOUT_MS } from '../settings.ts'
import { startWatchedRedis } from '../watched-redis.ts'
import { RULES, serverWithout, timesInServer } from './mistaken-server.ts'
import type { LeftOut, Rule } from './mistaken-server.ts'

const FAILOVERS = 6
const ON_DISK = { config: ['appendonly yes', 'appendfsync always'] }
/** The gate does the one with the most to go wrong. */
const FAULTS = [
  ['they are stopped and go on', freezeProcesses],
  ['what Redis answers one of them is late', delayAnswers],
  ['what Redis answers one of them is held back', holdAnswers],
  ['one of them is cut off', isolate],
  ['they are killed and start again', killProcesses],
] as const
const checks = isLongRun ? CHECKS : 100

describe('four processes with leases on one Redis', { timeout: TIMEOUT_MS }, () => {
  let redis: RedisServer
  let fleet: Fleet

  beforeAll(async () => {
    redis = await startRedis(ON_DISK)
    fleet = await startFleet(onRedis(redis.port), 'leased')
  })

  afterAll(async () => {
    await fleet[Symbol.asyncDispose]()
    await redis.stop()
  })

  it.for(isLongRun ? FAULTS : FAULTS.slice(0, 1))('refuse an ended token while %s', async ([, fault], test) => {
    const scene = setScene(fleet)
    expectReport(test, await runScenario(scene, { players: 4, checks, fault: () => fault(scene) }), checks)
  })

  it.for(isLongRun ? ['Redis is killed and restarts'] : [])('refuse an ended token while %s', async (_, test) => {
    const scene = setScene(fleet)
    const fault = () => killServer(scene, redis)
    expectReport(test, await runScenario(scene, { players: 4, checks, fault }))
  })
})

describe.each(isLongRun ? ['Redis under Sentinel'] : [])(
  'four processes with leases on %s',
  { timeout: TIMEOUT_MS },
  () => {
    it('refuse an ended token while a replica is promoted that has what was acknowledged', async (test) => {
      const each = Math.ceil(checks / FAILOVERS)
      for (let count = 0; count < FAILOVERS; count += 1) {
        await using redis = await startWatchedRedis()
        await using fleet = await startFleet(onRedis(redis.port), 'leased')
        const scene = setScene(fleet, redis.keep, SEED + count)
        const fault = () => redis.failOver(scene)
        expectReport(test, await runScenario(scene, { players: 4, checks: each, fault, once: true }), each)
      }
    })
  },
)

describe('the harness', { timeout: TIMEOUT_MS }, () => {
  const rules = Object.keys(RULES) as Rule[]

  it('can leave out each rule', () => {
    expect(rules.map(timesInServer)).toEqual(rules.map(() => 1))
  })

  it.each(isLongRun ? rules : [])('sees the tokens that are accepted without the rule: %s', async (rule) => {
    const program = serverWithout(rule)
    await using redis = await startRedis(ON_DISK)
    await using fleet = await startFleet(onRedis(redis.port), 'leased', program)
    const scene = setScene(fleet)
    const { fault }: LeftOut = RULES[rule]
    const plan = { players: 4, checks: 200, ...(fault !== undefined && { fault: () => fault(scene) }) }
    const { staleAccepts } = await runScenario(scene, plan)
    expect(staleAccepts).not.toEqual([])
    await rm(program)
  })
})
