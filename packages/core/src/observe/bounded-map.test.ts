import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBoundedMap } from './bounded-map.ts'

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN
}

describe('createBoundedMap', () => {
  it('drops the entry that was added first for one more than it may hold', () => {
    const map = createBoundedMap<number>(2)
    expect(['a', 'b', 'c', 'd'].map((key, value) => map.add(key, value))).toEqual([undefined, undefined, 0, 1])
    expect([map.size, map.get('b'), map.get('c'), [...map.values()]]).toEqual([2, undefined, 2, [2, 3]])
  })

  it('takes no longer to drop an entry among 100,000 than among 100, ten times at the most', () => {
    const few = createBoundedMap<number>(100)
    const many = createBoundedMap<number>(100_000)
    let next = 0
    const timeAdding = (map: typeof few, count: number) => {
      const startedAt = performance.now()
      for (const end = next + count; next < end; next += 1) map.add(String(next), next)
      return performance.now() - startedAt
    }
    timeAdding(few, 150_000)
    timeAdding(many, 150_000)
    const rounds: { few: number; many: number }[] = []
    while (rounds.length < 51) rounds.push({ few: timeAdding(few, 500), many: timeAdding(many, 500) })
    expect(median(rounds.map((round) => round.many)) / median(rounds.map((round) => round.few))).toBeLessThan(10)
  }, 60_000)

  it('does what a list of the entries would do, whatever comes and goes', () => {
    const step = fc.record({ key: fc.integer({ min: 0, max: 12 }).map(String), adds: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const map = createBoundedMap<number>(5)
        let model: (readonly [string, number])[] = []
        for (const [value, { key, adds }] of steps.entries()) {
          const isKnown = model.some(([known]) => known === key)
          expect(map.has(key)).toBe(isKnown)
          if (adds && !isKnown) {
            expect(map.add(key, value)).toBe(model.length === 5 ? model[0]?.[1] : undefined)
            model = [...model.slice(model.length === 5 ? 1 : 0), [key, value]]
          }
          if (!adds) {
            map.delete(key)
            model = model.filter(([known]) => known !== key)
          }
          expect([...map.values()]).toEqual(model.map(([, each]) => each))
          expect(map.size).toBe(model.length)
        }
      }),
    )
  })
})
