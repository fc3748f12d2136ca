import { describe, expect, it } from 'vitest'
import { spreadOf } from './spread.ts'

describe('spreadOf', () => {
  it('takes the figure in the middle, by size and not by order', () => {
    expect(spreadOf([10, 2, 9])).toEqual({ median: 9, min: 2, max: 10 })
  })

  it('takes the mean of the two in the middle of an even number', () => {
    expect(spreadOf([4, 1, 3, 100])).toEqual({ median: 3.5, min: 1, max: 100 })
  })

  it('needs a figure', () => {
    expect(() => spreadOf([])).toThrow(RangeError)
  })
})
