import { describe, expect, it } from 'vitest'
import { repeat } from './repeat.ts'

describe('repeat', () => {
  it('does every operation once', async () => {
    const done: number[] = []
    await repeat(5, 2, async (number) => {
      await Promise.resolve()
      done.push(number)
    })
    expect(done.toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3, 4])
  })

  it('has as many under way as it may, and no more', async () => {
    let underWay = 0
    let most = 0
    await repeat(20, 4, async () => {
      underWay += 1
      most = Math.max(most, underWay)
      await Promise.resolve()
      underWay -= 1
    })
    expect(most).toBe(4)
  })

  it('rejects when an operation does', async () => {
    const operation = async (number: number) => {
      if (number === 3) throw new Error('refused')
    }
    await expect(repeat(5, 2, operation)).rejects.toThrow('refused')
  })
})
