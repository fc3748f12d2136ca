import { describe, expect, it } from 'vitest'
import { createServerClock } from './server-clock.ts'

const AHEAD = 1_000_000

/** Answers of a server whose clock is ahead: one is asked, told and answered at three instants. */
function clockAfter(...answers: readonly (readonly [asked: number, told: number, answered: number])[]) {
  const clock = createServerClock()
  for (const [asked, told, answered] of answers) clock.learn('a', AHEAD + told, asked, answered)
  return clock
}

describe('the clock of a server', () => {
  it('tells an instant never later than it is, whenever within the way the server has looked at it', () => {
    for (const told of [100, 130, 160]) {
      expect(clockAfter([100, told, 160]).read('a', 1_000, 160)).toBeLessThanOrEqual(AHEAD + 1_000)
    }
  })

  it('keeps the answer that came back soonest, whichever was first', () => {
    const [quick, slow] = [[100, 101, 102] as const, [110, 130, 300] as const]
    expect(clockAfter(quick, slow).read('a', 1_000, 300)).toBe(AHEAD + 999)
    expect(clockAfter([100, 102, 300], [310, 311, 312]).read('a', 1_000, 312)).toBe(AHEAD + 999)
  })

  it('is set back or ahead with the next answer', () => {
    expect(clockAfter([100, 101, 102], [200, 151, 202]).read('a', 1_000, 202)).toBe(AHEAD + 949)
    expect(clockAfter([100, 101, 102], [200, 5_201, 202]).read('a', 1_000, 202)).toBe(AHEAD + 5_999)
  })

  it('is another one for another server, and unknown after a while', () => {
    const clock = clockAfter([100, 101, 102])
    expect([clock.read('b', 1_000, 102), clock.server(102)]).toEqual([null, 'a'])
    expect([clock.read('a', 9_000, 3_000), clock.server(3_000)]).toEqual([null, null])
    clock.learn('b', 0, 3_000, 3_001)
    expect([clock.read('a', 9_000, 3_001), clock.server(3_001)]).toEqual([null, 'b'])
  })
})
