import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../postgres/index.ts'
import type { PostgresServer } from '../../postgres/index.ts'
import { expectReport, setScene } from '../expect-report.ts'
import { freezeProcesses, killServer } from '../faults.ts'
import { onPostgres, startFleet } from '../fleet.ts'
import type { Fleet } from '../fleet.ts'
import type { Scene } from '../rounds.ts'
import { runScenario } from '../scenario.ts'
import { CHECKS, TIMEOUT_MS } from '../settings.ts'

describe.skipIf(!hasPostgres)('four processes with leases on one PostgreSQL', { timeout: TIMEOUT_MS }, () => {
  let server: PostgresServer
  let fleet: Fleet

  beforeAll(async () => {
    server = await startPostgres()
    fleet = await startFleet(onPostgres(server.port), 'leased')
  })

  afterAll(async () => {
    await fleet[Symbol.asyncDispose]()
    await server.stop()
  })

  it.for<[name: string, fault: (scene: Scene) => Promise<void>]>([
    ['PostgreSQL is killed and restarts', (scene) => killServer(scene, server)],
    ['they are stopped and go on', freezeProcesses],
  ])('refuse a token from the acknowledgement of its end on while %s', async ([, fault], test) => {
    const scene = setScene(fleet)
    const report = await runScenario(scene, { players: 4, checks: CHECKS, fault: () => fault(scene) })
    expectReport(test, report)
    expect(report.checks).toBeGreaterThanOrEqual(CHECKS)
  })
})
