import { describe, expect, it } from 'vitest'
import { RECOVERY_MS, openTally } from './tally.ts'

const use = (status: number, sentAt = performance.now()) => ({ at: 'process 1', sentAt, status })
const revoked = (status: number) => ({ ...use(status), acknowledgedAt: performance.now() })

describe('openTally', () => {
  it('tells a revoked token that is accepted from one that is refused', () => {
    const tally = openTally()
    for (const status of [401, 200, 401]) tally.countRevoked(revoked(status))
    expect(tally.report).toMatchObject({ checks: 3, wrongAnswers: [], staleAccepts: [expect.any(String)] })
  })

  it('finds an active token wronged by anything but 200, and by 503 where nothing is wrong', () => {
    const tally = openTally()
    for (const status of [200, 401, 503]) tally.countActive(use(status))
    tally.countRevoked(revoked(500))
    expect(tally.report.wrongAnswers).toEqual([
      'process 1 answered 401 to an active token',
      'process 1 answered 503 though nothing was wrong',
      'process 1 answered 500 to a revoked token',
    ])
  })

  it('takes 503 for an answer, but not for a check, during a fault and until recovery is due', async () => {
    const tally = openTally()
    await tally.during(async () => {
      tally.countRevoked(revoked(503))
      tally.countRevoked(revoked(401))
      tally.countActive(use(401))
    })
    const now = performance.now()
    tally.countActive(use(503, now + RECOVERY_MS - 100))
    tally.countActive(use(503, now + RECOVERY_MS + 100))
    expect(tally.report).toMatchObject({ checks: 1, checksAmidFaults: 1, unavailable: 3 })
    expect(tally.report.wrongAnswers).toEqual([
      'process 1 answered 401 to an active token',
      'process 1 answered 503 though nothing was wrong',
    ])
  })
})
