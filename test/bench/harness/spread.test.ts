import { describe, expect, it } from 'vitest'
import { spreadOf } from './spread.ts'

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
