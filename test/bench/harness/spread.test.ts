import { describe, expect, it } from 'vitest'
import { percentileOf, spreadOf } from './spread.ts'

describe('spreadOf', () => {
  it('takes the quartiles, by size and not by order', () => {
    expect(spreadOf([10, 2, 9, 1, 100])).toEqual({ lower: 2, median: 9, upper: 10 })
  })

  it('goes between two figures where none is in the place', () => {
    expect(spreadOf([4, 1, 3, 100])).toEqual({ lower: 2.5, median: 3.5, upper: 28 })
  })

  it('is the figure itself where there is one', () => {
    expect(spreadOf([7])).toEqual({ lower: 7, median: 7, upper: 7 })
  })

  it('needs a figure', () => {
    expect(() => spreadOf([])).toThrow(RangeError)
  })
})

describe('percentileOf', () => {
  it('is what such a share of the figures does not exceed', () => {
    const figures = Array.from({ length: 101 }, (_, number) => 100 - number)
    expect([0, 0.5, 0.99, 1].map((share) => percentileOf(figures, share))).toEqual([0, 50, 99, 100])
  })

  it('refuses to tell without a figure', () => {
    expect(() => percentileOf([], 0.5)).toThrow(RangeError)
  })
})
