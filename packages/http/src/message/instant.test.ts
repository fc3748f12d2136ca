import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inSeconds, parseInstant, withMilliseconds } from './instant.ts'

describe('parseInstant', () => {
  it.each([
    ['2030-01-31T10:20:30Z', '2030-01-31T10:20:30.000Z'],
    ['2030-01-31t10:20:30z', '2030-01-31T10:20:30.000Z'],
    ['2030-01-31T10:20:30.5Z', '2030-01-31T10:20:30.500Z'],
    ['2030-01-31T10:20:30.123999999Z', '2030-01-31T10:20:30.123Z'],
    ['2030-01-31T10:20:30+02:00', '2030-01-31T08:20:30.000Z'],
    ['2030-01-31T23:20:30-02:30', '2030-02-01T01:50:30.000Z'],
    ['2030-01-31T10:20:30-00:00', '2030-01-31T10:20:30.000Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0000-02-29T00:00:00Z', '0000-02-29T00:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(parseInstant(text)?.toISOString()).toBe(expected)
  })

  it.each([
    '2030-02-30T00:00:00Z',
    '2030-02-29T00:00:00Z',
    '2030-04-31T00:00:00Z',
    '2030-01-00T00:00:00Z',
    '2030-00-01T00:00:00Z',
    '2030-13-01T00:00:00Z',
    '2030-01-32T00:00:00Z',
  ])('knows no day %s', (text) => {
    expect(parseInstant(text)).toBeNull()
  })

  it.each([
    '2030-01-31T24:00:00Z',
    '2030-01-31T25:00:00Z',
    '2030-01-31T10:60:00Z',
    '2030-01-31T10:20:60Z',
    '2030-01-31T10:20:30+24:00',
    '2030-01-31T10:20:30+01:60',
  ])('knows no time %s', (text) => {
    expect(parseInstant(text)).toBeNull()
  })

  it.each([
    '',
    '2030-01-31',
    '2030-01-31T10:20:30',
    '2030-01-31 10:20:30Z',
    '2030-01-31T10:20Z',
    '2030-01-31T10:20:30.Z',
    '2030-01-31T10:20:30.1234567890Z',
    '2030-01-31T10:20:30+0200',
    '2030-1-31T10:20:30Z',
    '+012030-01-31T10:20:30Z',
    '２030-01-31T10:20:30Z',
    ' 2030-01-31T10:20:30Z',
    '2030-01-31T10:20:30Z\n',
    '2030-01-31T10:20:30Z (UTC)',
    '1896000000000',
    'tomorrow',
    'Thu, 31 Jan 2030 10:20:30 GMT',
  ])('does not take %j for RFC 3339', (text) => {
    expect(parseInstant(text)).toBeNull()
  })

  it('reads back every instant that it writes', () => {
    const instants = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
    fc.assert(
      fc.property(instants, (instant) => {
        expect(parseInstant(withMilliseconds(instant))).toEqual(instant)
      }),
    )
  })
})

describe('withMilliseconds', () => {
  it('writes UTC with three digits and Z', () => {
    expect(withMilliseconds(new Date(Date.UTC(2026, 5, 12, 10)))).toBe('2026-06-12T10:00:00.000Z')
  })
})

describe('inSeconds', () => {
  it('cuts off what is below a second and never rounds up', () => {
    expect(inSeconds(new Date('2026-06-12T10:00:00.000Z'))).toBe('2026-06-12T10:00:00Z')
    expect(inSeconds(new Date('2026-12-31T23:59:59.999Z'))).toBe('2026-12-31T23:59:59Z')
  })
})
