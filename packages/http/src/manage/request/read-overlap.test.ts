import { describe, expect, it } from 'vitest'
import { readOverlap } from './read-overlap.ts'

const snake = { overlapField: 'overlap_seconds' }

describe('readOverlap', () => {
  it('reads seconds as milliseconds, and nothing as nothing', () => {
    expect(readOverlap({ overlap_seconds: 60 }, snake)).toBe(60_000)
    expect(readOverlap({ overlap_seconds: 0 }, snake)).toBe(0)
    expect(readOverlap({}, snake)).toBeUndefined()
    expect(readOverlap(Object.create({ overlap_seconds: 60 }), snake)).toBeUndefined()
  })

  it('reads overlapSeconds where the dialect has no word', () => {
    expect(readOverlap({ overlapSeconds: 60 }, {})).toBe(60_000)
    expect(() => readOverlap({ overlap_seconds: 60 }, {})).toThrow('beside overlapSeconds')
  })

  it.each([1.5, '60', null, true, {}])('refuses %j', (overlap_seconds) => {
    expect(() => readOverlap({ overlap_seconds }, snake)).toThrow('overlap_seconds must be a whole number of seconds')
  })
})
