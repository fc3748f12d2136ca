import { describe, expect, it } from 'vitest'
import { isMadeBy, isNamedByAll, makersBy } from './makers.ts'

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

describe('isNamedByAll', () => {
  it('holds for the first 16 of a row, which the longest row still names, and for no other', () => {
    const row = [{ line: '0', makers: [] as readonly string[] }]
    for (const last of row) if (row.length < 100) row.push({ line: String(row.length), makers: makersBy(last) })
    const isNamed = ({ line }: { readonly line: string }) =>
      row.slice(Number(line) + 1).every(({ makers }) => makers.includes(line))
    // What comes late has not made enough to be left out.
    const early = row.slice(0, 60)
    expect(early.filter(isNamedByAll).map(({ line }) => line)).toEqual(row.slice(0, 16).map(({ line }) => line))
    expect(early.filter(isNamed)).toEqual(early.filter(isNamedByAll))
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
