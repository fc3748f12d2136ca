import { describe, expect, it } from 'vitest'
import { NOW } from '../../testing/open-tokens.ts'
import { invalidParameter } from './errors.ts'
import { expiryOf, extensionBy, latestExpiry, slidesUntil } from './expiry.ts'
import type { ExpiryRules } from './expiry.ts'
import type { TokenRecord } from './token.ts'

const HOUR = 3_600_000
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

function refusal(requested: unknown, rules: ExpiryRules = {}, ceiling: Date | null = null): unknown {
  try {
    return expiryOf(requested as Date, rules, NOW, ceiling)
  } catch (error) {
    return error
  }
}

describe('expiryOf', () => {
  it('is what was asked for, and no expiry for null and where no rule speaks', () => {
    expect(expiryOf(new Date(NOW + HOUR), {}, NOW)).toBe(NOW + HOUR)
    expect(expiryOf(new Date(LATEST), {}, NOW)).toBe(LATEST)
    expect(expiryOf(null, {}, NOW)).toBeNull()
    expect(expiryOf(undefined, {}, NOW)).toBeNull()
  })

  it('is the default where nothing was asked for, and only there', () => {
    const rules = { defaultMs: HOUR }
    expect(expiryOf(undefined, rules, NOW)).toBe(NOW + HOUR)
    expect(expiryOf(new Date(NOW + 1), rules, NOW)).toBe(NOW + 1)
    expect(expiryOf(null, rules, NOW)).toBeNull()
  })

  it('is the sliding time where there is no other default', () => {
    expect(expiryOf(undefined, { slidingMs: HOUR, maxMs: 2 * HOUR }, NOW)).toBe(NOW + HOUR)
    expect(expiryOf(undefined, { slidingMs: HOUR, maxMs: 2 * HOUR, defaultMs: 60 }, NOW)).toBe(NOW + 60)
  })

  it('ends a default lifetime of any length with the year 9999', () => {
    expect(expiryOf(undefined, { defaultMs: Number.MAX_SAFE_INTEGER }, NOW)).toBe(LATEST)
  })

  it.each<[string, unknown]>([
    ['an invalid date', new Date('tomorrow')],
    ['the present instant', new Date(NOW)],
    ['the past', new Date(NOW - 1)],
    ['an instant after the year 9999', new Date(LATEST + 1)],
    ['a number', NOW + HOUR],
    ['a text', '2027-01-01T00:00:00Z'],
  ])('refuses %s', (_, expiresAt) => {
    expect(refusal(expiresAt)).toEqual(invalidParameter('expiresAt', 'a valid instant in the future'))
  })

  it('refuses a token without expiry where one is required, or where a longest lifetime is set', () => {
    const error = invalidParameter('expiresAt', 'set: tokens without an expiry are not issued')
    expect(refusal(undefined, { required: true })).toEqual(error)
    expect(refusal(undefined, { maxMs: HOUR })).toEqual(error)
    const rules = { required: true, defaultMs: HOUR }
    expect(refusal(null, rules)).toEqual(error)
    expect(expiryOf(undefined, rules, NOW)).toBe(NOW + HOUR)
  })

  it('refuses a longer lifetime than the longest, and says until when', () => {
    const rules = { maxMs: HOUR }
    expect(expiryOf(new Date(NOW + HOUR), rules, NOW)).toBe(NOW + HOUR)
    expect(refusal(new Date(NOW + HOUR + 1), rules)).toEqual(
      invalidParameter('expiresAt', 'at most 2026-01-02T04:04:05.678Z'),
    )
  })

  it('is shortened to the ceiling where it was not asked for', () => {
    const ceiling = new Date(NOW + HOUR)
    expect(expiryOf(undefined, {}, NOW, ceiling)).toBe(NOW + HOUR)
    expect(expiryOf(undefined, { defaultMs: HOUR + 1 }, NOW, ceiling)).toBe(NOW + HOUR)
    expect(expiryOf(undefined, { defaultMs: HOUR - 1 }, NOW, ceiling)).toBe(NOW + HOUR - 1)
  })

  it('refuses what was asked for beyond the ceiling, and says until when', () => {
    const ceiling = new Date(NOW + HOUR)
    expect(expiryOf(ceiling, {}, NOW, ceiling)).toBe(NOW + HOUR)
    for (const requested of [new Date(NOW + HOUR + 1), null]) {
      expect(refusal(requested, {}, ceiling)).toEqual(invalidParameter('expiresAt', 'at most 2026-01-02T04:04:05.678Z'))
    }
  })

  it('lies in the years to 9999, whatever the ceiling', () => {
    expect(expiryOf(undefined, {}, NOW, new Date(8.64e15))).toBe(LATEST)
  })

  it.each([new Date('tomorrow'), '2027-01-01T00:00:00Z', new Date(NOW - 1), new Date(NOW)])(
    'refuses the ceiling %s',
    (ceiling) => {
      for (const requested of [undefined, null, new Date(NOW + HOUR)]) {
        expect(refusal(requested, { defaultMs: HOUR }, ceiling as Date)).toMatchObject({
          details: { parameter: 'expiryCeiling', right: 'a valid instant in the future' },
        })
      }
    },
  )
})

describe('latestExpiry', () => {
  it('is the longest lifetime after the first of the line, and never beyond the ceiling or the year 9999', () => {
    const line = { lineCreatedAt: NOW, expiryCeiling: null }
    expect(latestExpiry(line, {})).toBe(LATEST)
    expect(latestExpiry(line, { maxMs: HOUR })).toBe(NOW + HOUR)
    expect(latestExpiry({ ...line, expiryCeiling: NOW + 5 }, { maxMs: HOUR })).toBe(NOW + 5)
    expect(latestExpiry({ ...line, expiryCeiling: NOW + 2 * HOUR }, { maxMs: HOUR })).toBe(NOW + HOUR)
    expect(latestExpiry(line, { maxMs: Number.MAX_SAFE_INTEGER })).toBe(LATEST)
  })
})

describe('extensionBy', () => {
  const rules = { slidingMs: HOUR, maxMs: 10 * HOUR }

  function extension(usedAt: number, facts: Partial<TokenRecord> = {}, by: ExpiryRules = rules): number | null {
    const token = { lineCreatedAt: NOW, expiryCeiling: null, fixedExpiry: false, ...facts }
    return extensionBy(usedAt, slidesUntil(token, by), by)
  }

  it('is the sliding time after the use, and never beyond the longest lifetime of the line', () => {
    expect(extension(NOW + 1)).toBe(NOW + 1 + HOUR)
    expect(extension(NOW + 9 * HOUR)).toBe(NOW + 10 * HOUR)
    expect(extension(NOW + 9 * HOUR + 1)).toBe(NOW + 10 * HOUR)
  })

  it('is never beyond the ceiling', () => {
    expect(extension(NOW + 1, { expiryCeiling: NOW + 5 })).toBe(NOW + 5)
  })

  it('ends with the year 9999', () => {
    expect(extension(LATEST - 1, {}, { slidingMs: HOUR, maxMs: Number.MAX_SAFE_INTEGER })).toBe(LATEST)
  })

  it('is none where no expiry slides, and for an expiry that was asked for', () => {
    expect(extension(NOW, {}, {})).toBeNull()
    expect(extension(NOW, {}, { maxMs: HOUR, defaultMs: HOUR })).toBeNull()
    expect(extension(NOW, { fixedExpiry: true })).toBeNull()
  })
})
