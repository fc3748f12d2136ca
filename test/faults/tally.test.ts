import { describe, expect, it } from 'vitest'
import { RECOVERY_MS, openTally } from './tally.ts'

const use = (status: number, sentAt = performance.now()) => ({ at: 'process 1', sentAt, status })
const ended = { by: 'suspension', acknowledgedAt: 0 }

describe('openTally', () => {
  it('tells an ended token that is accepted from one that is refused', () => {
    const tally = openTally()
    for (const status of [401, 200, 401]) tally.countEnded(use(status, 5), ended)
    const staleAccepts = [{ at: 'process 1', endedBy: 'suspension', afterMs: 5 }]
    expect(tally.report).toMatchObject({ checks: 3, wrongAnswers: [], staleAccepts })
  })

  it('counts the tokens that were ended in each way', () => {
    const tally = openTally()
    for (const by of ['suspension', 'rotation', 'suspension']) tally.countEnding(by)
    expect(tally.report.endings).toEqual({ suspension: 2, rotation: 1 })
  })

  it('finds an active token wronged by anything but 200, and by 503 where nothing is wrong', () => {
    const tally = openTally({ tolerated: 0 })
    for (const status of [200, 401, 503]) tally.countActive(use(status))
    tally.countEnded(use(500), ended)
    expect(tally.report.wrongAnswers).toEqual([
      'process 1 answered 401 to an active token',
      'process 1 answered 500 after suspension',
      'process 1 answered 503 though nothing was wrong',
    ])
  })

  it('tolerates 503 where nothing is wrong up to a share of all uses, and names each one above it', () => {
    const tally = openTally({ tolerated: 0.5 })
    for (const status of [200, 503]) tally.countActive(use(status))
    expect(tally.report).toMatchObject({ unavailable: 1, wrongAnswers: [] })
    tally.countEnded(use(503), ended)
    const wrongAnswer = 'process 1 answered 503 though nothing was wrong'
    expect(tally.report).toMatchObject({ unavailable: 2, wrongAnswers: [wrongAnswer, wrongAnswer] })
  })

  it('takes 503 for an answer, but not for a check, during a fault and until all serve, or have to', async () => {
    const tally = openTally({ tolerated: 0 })
    const misuse = async () => {
      tally.countEnded(use(503), ended)
      tally.countEnded(use(401), ended)
      tally.countActive(use(401))
    }
    await tally.during(misuse, async () => tally.countActive(use(503)))
    const now = performance.now()
    tally.countActive(use(503, now + RECOVERY_MS - 100))
    tally.countActive(use(503, now + RECOVERY_MS + 100))
    expect(tally.report).toMatchObject({ checks: 1, checksAmidFaults: 1, unavailable: 4 })
    expect(tally.report.wrongAnswers).toEqual([
      'process 1 answered 401 to an active token',
      'process 1 answered 503 though nothing was wrong',
    ])
  })
})
