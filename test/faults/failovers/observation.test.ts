import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { startStopwatch } from '../../support/stopwatch.ts'
import { observe } from './observation.ts'
import { timeService } from './service.ts'

const USES = 20

async function givenProcess() {
  const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
  const issue = async () => (await tokens.issue({ owner: 'acme', name: 'ci', scopes: [] })).secret
  return { process: { name: 'one', tokens, async [Symbol.asyncDispose]() {} }, issue }
}

describe('observe', () => {
  it('sees a token accepted that should be refused, and service that is there', async () => {
    const { process, issue } = await givenProcess()
    const secrets = { revoked: await issue(), active: await issue() }
    const observation = observe('nothing is revoked', [process], secrets)
    const service = timeService([process], secrets.active)
    const [outcome] = await observation.end(service, USES)
    expect(outcome).toMatchObject({ scenario: 'nothing is revoked', process: 'one', unavailable: 0 })
    expect(outcome?.uses).toBeGreaterThanOrEqual(USES)
    expect(outcome?.accepted).toBe(outcome?.uses)
    expect([outcome?.lastAcceptedMs, outcome?.backAfterMs]).toEqual([expect.any(Number), expect.any(Number)])
  })

  it('sees a token refused, and service that does not come back', async () => {
    const { process, issue } = await givenProcess()
    const revoked = await issue()
    await process.tokens.revokeSecret(revoked)
    const secrets = { revoked, active: revoked }
    const observation = observe('all are revoked', [process], secrets)
    const service = timeService([process], secrets.active, startStopwatch(), 100)
    const [outcome] = await observation.end(service, USES)
    expect(outcome).toMatchObject({ accepted: 0, unavailable: 0, lastAcceptedMs: null, backAfterMs: null })
  })
})
