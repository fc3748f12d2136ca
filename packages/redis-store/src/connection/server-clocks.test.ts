import { describe, expect, it } from 'vitest'
import { narrowed, spanBy } from './server-clocks.ts'

describe('spanBy', () => {
  it('begins when the command is sent and ends when it is given up, by the earlier bound of the server', () => {
    const lead = { atLeast: 1_000, atMost: 1_020, readAt: 50 }
    expect(spanBy(lead, 50, 250)).toEqual([1_050, 1_250])
  })

  it('is earlier the longer ago the clock was read, as clocks drift apart', () => {
    const lead = { atLeast: 1_000, atMost: 1_020, readAt: 0 }
    const [from, till] = spanBy(lead, 2_000, 3_000)
    expect([from, till]).toEqual([2_998, 3_998])
  })
})

describe('narrowed', () => {
  const former = { atLeast: 100, atMost: 101, readAt: 0 }

  it('keeps what a reading with a shorter way told', () => {
    expect(narrowed({ atLeast: 50, atMost: 150, readAt: 1_000 }, former)).toMatchObject({ atLeast: 99, readAt: 1_000 })
  })

  it('takes what a better reading tells', () => {
    const better = { atLeast: 100.4, atMost: 100.6, readAt: 1_000 }
    expect(narrowed(better, former)).toEqual(better)
    expect(narrowed(better, undefined)).toEqual(better)
  })

  it('forgets the former reading once the clock was set, forward or back', () => {
    for (const by of [-5_000, 5_000]) {
      const later = { atLeast: 100 + by, atMost: 101 + by, readAt: 1_000 }
      expect(narrowed(later, former)).toEqual(later)
    }
  })
})
