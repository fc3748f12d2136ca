import { describe, expect, it } from 'vitest'
import { MOST_SCOPES, readAsked, withAsks, writeAsked } from './asked-scopes.ts'

const DAY_MS = 86_400_000
const asks = (day: number, scopes: readonly string[] = [], usedOn: number | null = null) => ({
  at: day * DAY_MS,
  usedAt: usedOn === null ? null : usedOn * DAY_MS,
  scopes: new Set(scopes),
  unknown: false,
})

describe('withAsks', () => {
  it('keeps the later day of each scope, in whichever order they come', () => {
    const first = withAsks(null, asks(10, ['a', 'b']))
    const both = withAsks(withAsks(first, asks(12, ['a'])), asks(11, ['a', 'b']))
    expect([...both.scopes]).toEqual([
      ['a', 12],
      ['b', 11],
    ])
    expect(both).toMatchObject({ since: 10 * DAY_MS, lastOn: 12, unknownOn: null })
  })

  it('starts anew after a use that was not recorded', () => {
    const first = withAsks(null, asks(10, ['a']))
    expect(withAsks(first, asks(20, [], 10)).since).toBe(10 * DAY_MS)
    expect(withAsks(first, asks(20, [], 11)).since).toBe(20 * DAY_MS)
  })

  it('keeps a bounded number of scopes, and notes that there were more', () => {
    const many = Array.from({ length: MOST_SCOPES + 1 }, (_, at) => `s${at}`)
    const full = withAsks(null, asks(10, many))
    expect(full).toMatchObject({ unknownOn: 10 })
    expect(full.scopes.size).toBe(MOST_SCOPES)
    expect(readAsked(writeAsked(full))).toEqual(full)
  })
})

describe('readAsked', () => {
  it('takes any other text for no recording', () => {
    expect(['', 'null', '{}', '[1]', '[1,2,null,[["a b",1]]]', 'notice'].map(readAsked)).toEqual(Array(6).fill(null))
  })
})
