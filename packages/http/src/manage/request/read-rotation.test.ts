import { describe, expect, it } from 'vitest'
import { readRotation } from './read-rotation.ts'

const snake = { overlapField: 'overlap_seconds', expiryField: 'expires_at' }
const plain = { expiryField: 'expiresAt' }

describe('readRotation', () => {
  it('reads seconds as milliseconds, and nothing as nothing', () => {
    expect(readRotation({ overlap_seconds: 60 }, snake)).toEqual({ overlapMs: 60_000, expiresAt: undefined })
    expect(readRotation({ overlap_seconds: 0 }, snake).overlapMs).toBe(0)
    for (const body of [{}, Object.create({ overlap_seconds: 60, expires_at: null })])
      expect(readRotation(body, snake)).toEqual({ overlapMs: undefined, expiresAt: undefined })
  })

  it('reads overlapSeconds where the dialect has no word', () => {
    expect(readRotation({ overlapSeconds: 60 }, plain).overlapMs).toBe(60_000)
    expect(() => readRotation({ overlap_seconds: 60 }, plain)).toThrow('beside overlapSeconds, expiresAt')
  })

  it('reads an expiry under the name of the dialect', () => {
    const expires_at = '2030-01-31T00:00:00Z'
    expect(readRotation({ expires_at }, snake).expiresAt).toEqual(new Date(expires_at))
    expect(readRotation({ expires_at: null }, snake).expiresAt).toBeNull()
    expect(() => readRotation({ expires_at }, plain)).toThrow('beside overlapSeconds, expiresAt')
    for (const wrong of [5, '', 'tomorrow', '2030-01-31'])
      expect(() => readRotation({ expires_at: wrong }, snake)).toThrow('expires_at must be null or an RFC 3339')
  })

  it.each([1.5, '60', null, true, {}])('refuses %j', (overlap_seconds) => {
    expect(() => readRotation({ overlap_seconds }, snake)).toThrow('overlap_seconds must be a whole number of seconds')
  })
})
