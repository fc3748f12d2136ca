import { describe, expect, it } from 'vitest'
import { isMadeBy, makersBy } from './makers.ts'

describe('makersBy', () => {
  it('names the line of the maker, then those that it comes from', () => {
    expect(makersBy({ line: 'c', makers: ['b', 'a'] })).toEqual(['c', 'b', 'a'])
  })

  it('names at most 32, and of more leaves out one between the nearest and the first', () => {
    const makers = Array.from({ length: 32 }, (_, number) => String(number))
    expect(makersBy({ line: 'nearest', makers: makers.slice(1) })).toEqual(['nearest', ...makers.slice(1)])
    expect(makersBy({ line: 'nearest', makers })).toEqual(['nearest', ...makers.slice(0, 15), ...makers.slice(16)])
  })
})

describe('isMadeBy', () => {
  it('asks for any maker, near or far', () => {
    expect([['b'], ['a'], ['x', 'a']].map((lines) => isMadeBy({ makers: ['b', 'a'] }, lines))).toEqual([
      ...[true, true, true],
    ])
    expect([['c'], []].map((lines) => isMadeBy({ makers: ['b', 'a'] }, lines))).toEqual([false, false])
    expect(isMadeBy({ makers: [] }, ['a'])).toBe(false)
  })
})
