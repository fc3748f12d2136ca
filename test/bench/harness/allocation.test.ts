import { describe, expect, it } from 'vitest'
import { allocationOf } from './allocation.ts'

const LENGTH = 200

describe('allocationOf', () => {
  it('finds about the bytes that an operation allocates, and next to none where there are none', async () => {
    const numbers = Array.from({ length: LENGTH }, (_, number) => number)
    const kept: unknown[] = []
    const copy = async (times: number) => {
      for (let number = 0; number < times; number += 1) kept[0] = numbers.slice()
    }
    const idle = async (times: number) => {
      for (let number = 0; number < times; number += 1) kept[0] = numbers
    }
    const bytes = await allocationOf(copy)
    expect(bytes).toBeGreaterThan(LENGTH * 4)
    expect(bytes).toBeLessThan(LENGTH * 8 * 1.5)
    expect(await allocationOf(idle)).toBeLessThan(LENGTH * 2)
  })
})
