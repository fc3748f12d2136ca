import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startWithStandby } from '../../postgres/index.ts'
import type { ReplicatedPostgres } from '../../postgres/index.ts'
import { expectReport, setScene } from '../expect-report.ts'
import { cutAnswers, freezeServer, killServer, visit } from '../faults.ts'
import { onPostgres, startFleet } from '../fleet.ts'
import type { Fleet } from '../fleet.ts'
import type { Scene } from '../rounds.ts'
import { runScenario } from '../scenario.ts'
import { CHECKS, TIMEOUT_MS } from '../settings.ts'

describe.skipIf(!hasPostgres)('four processes on one PostgreSQL', { timeout: TIMEOUT_MS }, () => {
  let servers: ReplicatedPostgres
  let fleet: Fleet

  beforeAll(async () => {
    servers = await startWithStandby()
    fleet = await startFleet(onPostgres(servers.primary.port))
  })

  afterAll(async () => {
    await fleet[Symbol.asyncDispose]()
    await servers.stop()
  })

  it.for<[name: string, fault: (scene: Scene) => Promise<void>, isForAll: boolean]>([
    ['PostgreSQL is killed and restarts', (scene) => killServer(scene, servers.primary), true],
    ['PostgreSQL is stopped in its tracks', (scene) => freezeServer(scene, servers.primary), true],
    ['their connections are cut in the middle of an answer', cutAnswers, false],
    ['one is connected to a standby', (scene) => visit(scene, servers.standby.port, servers.primary.port), false],
  ])('refuse a token from the acknowledgement of its end on while %s', async ([, fault, isForAll], test) => {
    const scene = setScene(fleet)
    const report = await runScenario(scene, { players: 4, checks: CHECKS, fault: () => fault(scene) })
    expectReport(test, report)
    if (!isForAll) expect(report.checksAmidFaults).toBeGreaterThan(0)
  })
})
