import { describe, expect, it } from 'vitest'
import { allocationOf } from './allocation.ts'

describe('allocationOf', () => {
  it('finds about the bytes that an operation allocates, and none where there are none', async () => {
    const kept: unknown[] = []
    const allocating = async (times: number) => {
      for (let number = 0; number < times; number += 1) kept[0] = Array.from({ length: 128 }, () => number)
    }
    const idle = async (times: number) => {
      for (let number = 0; number < times; number += 1) kept[0] = number % 2
    }
    expect(await allocationOf(allocating)).toBeGreaterThan(128 * 4)
    expect(await allocationOf(allocating)).toBeLessThan(128 * 8 * 2)
    expect(await allocationOf(idle)).toBeLessThan(64)
  })
})
