import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { temporaryFolder } from '../../support/servers/index.ts'
import { expectReport, setScene } from '../expect-report.ts'
import { freezeProcesses, killProcesses } from '../faults.ts'
import { onSqlite, startFleet } from '../fleet.ts'
import type { Fleet } from '../fleet.ts'
import { runScenario } from '../scenario.ts'
import { CHECKS, TIMEOUT_MS } from '../settings.ts'

describe('four processes with leases on one file of SQLite', { timeout: TIMEOUT_MS }, () => {
  let folder: string
  let fleet: Fleet

  beforeAll(async () => {
    folder = await mkdtemp(join(temporaryFolder(), 'tessera-one-file-'))
    fleet = await startFleet(onSqlite(join(folder, 'tokens.db')), 'leased')
  })

  afterAll(async () => {
    await fleet[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  it.for([
    ['they are stopped and go on', freezeProcesses],
    ['they are killed and start again', killProcesses],
  ] as const)('refuse an ended token while %s', async ([, fault], test) => {
    const scene = setScene(fleet)
    expectReport(test, await runScenario(scene, { players: 4, checks: CHECKS, fault: () => fault(scene) }))
  })
})
