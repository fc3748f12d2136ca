import { describe, expect, it } from 'vitest'
import { createAllowance } from './allowance.ts'

describe('createAllowance', () => {
  it('gives so many in each period, which begins with the first', () => {
    const allowance = createAllowance(2, 1_000)
    const taken = [5_000, 5_400, 5_999, 6_000, 6_001, 6_002, 7_500].map((at) => allowance.take(at))
    expect(taken).toEqual([true, true, false, true, true, false, true])
  })

  it('gives none for the rest of a period that was exhausted', () => {
    const allowance = createAllowance(2, 1_000)
    allowance.take(0)
    allowance.exhaust()
    expect([allowance.take(999), allowance.take(1_000)]).toEqual([false, true])
  })

  it('begins a period anew when the clock was set back', () => {
    const allowance = createAllowance(1, 1_000)
    expect([5_000, 4_999, 4_999].map((at) => allowance.take(at))).toEqual([true, true, false])
  })
})
