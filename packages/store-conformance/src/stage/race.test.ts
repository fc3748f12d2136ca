import { describe, expect, it } from 'vitest'
import { naiveStore } from '../model/naive-store/naive-store.ts'
import { arrivalGate, crowd, race } from './race.ts'

describe('arrivalGate', () => {
  it('holds everyone until the last has arrived, and then lets all go', async () => {
    const arrive = arrivalGate(3)
    const passed: number[] = []
    const [first, second] = [1, 2].map(async (number) => {
      await arrive()
      passed.push(number)
    })
    await Promise.resolve()
    expect(passed).toEqual([])
    await Promise.all([arrive(), first, second])
    expect(passed).toEqual([1, 2])
  })
})

describe('race', () => {
  it('starts no contender before all are there, and all in one turn', async () => {
    const log: string[] = []
    const contender = (name: string) => async () => {
      log.push(`${name} starts`)
      await new Promise(setImmediate)
      log.push(`${name} ends`)
    }
    await race([naiveStore()], ['a', 'b', 'c'].map(contender))
    expect(log).toEqual(['a starts', 'b starts', 'c starts', 'a ends', 'b ends', 'c ends'])
  })

  it('hands out the handles by turns and gives the answers in the order of the contenders', async () => {
    const handles = [naiveStore(), naiveStore()]
    const answers = await race(
      handles,
      crowd(5, async (store, number) => [handles.findIndex((handle) => handle === store), number]),
    )
    expect(answers).toEqual([
      [0, 0],
      [1, 1],
      [0, 2],
      [1, 3],
      [0, 4],
    ])
  })

  it('rejects when a contender does', async () => {
    const failing = async () => {
      throw new Error('down')
    }
    await expect(race([naiveStore()], [failing])).rejects.toThrow('down')
  })
})
