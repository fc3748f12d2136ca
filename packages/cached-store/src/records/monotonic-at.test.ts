import { systemClock } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { monotonicAt } from './monotonic-at.ts'

/** What is read for hits at these instants. */
function readingsAt(instants: readonly number[], now: () => number): number[] {
  let reading = 0
  const read = monotonicAt(() => (reading += 1), now)
  return instants.map(read)
}

describe('monotonicAt', () => {
  it("reads once for each millisecond of the system's clock, also when that is set back", () => {
    expect(readingsAt([5, 5, 6, 6, 3, 3, 6], systemClock)).toEqual([1, 1, 2, 2, 3, 3, 4])
  })

  it('reads for each hit by another clock, which may stand still', () => {
    expect(readingsAt([5, 5, 5], () => 5)).toEqual([1, 2, 3])
  })
})
