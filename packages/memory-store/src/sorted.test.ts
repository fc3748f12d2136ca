import { array, assert as checkProperty, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countFirst, insertSorted } from './sorted.ts'

const numbers = array(integer({ min: 0, max: 20 }))
const ascending = (a: number, b: number) => a - b

describe('countFirst', () => {
  it('counts the items that a test holds for at the start of a list', () => {
    checkProperty(
      property(numbers, integer({ min: -1, max: 21 }), (list, limit) => {
        const sorted = list.toSorted(ascending)
        expect(countFirst(sorted, (item) => item < limit)).toBe(sorted.filter((item) => item < limit).length)
      }),
    )
  })
})

describe('insertSorted', () => {
  it('keeps a list sorted, whatever comes in what order', () => {
    checkProperty(
      property(numbers, (list) => {
        const sorted: number[] = []
        for (const item of list) insertSorted(sorted, item, (other) => other <= item)
        expect(sorted).toEqual(list.toSorted(ascending))
      }),
    )
  })

  it('puts an item after its equals, or before them, as the test says', () => {
    const after = [{ at: 1, name: 'a' }]
    insertSorted(after, { at: 1, name: 'b' }, ({ at }) => at <= 1)
    expect(after.map(({ name }) => name)).toEqual(['a', 'b'])
    const before = [{ at: 1, name: 'a' }]
    insertSorted(before, { at: 1, name: 'b' }, ({ at }) => at < 1)
    expect(before.map(({ name }) => name)).toEqual(['b', 'a'])
  })
})
