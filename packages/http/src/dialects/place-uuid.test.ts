import { randomUUID } from 'node:crypto'
import { compareBy } from '@tessera/core'
import type { Place } from '@tessera/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OTHER_OWNER, OWNER } from '../../testing/open-api.ts'
import { placeOfUuid, uuidOfPlace } from './place-uuid.ts'

const V8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const AT = Date.UTC(2026, 3, 15)

const compare = compareBy({ by: 'createdAt', direction: 'asc' }, AT)
const instants = fc.oneof(fc.nat(3), fc.integer({ min: AT, max: AT + 3 }), fc.constant(2 ** 48 - 1))
const anyUuid = fc.oneof(
  fc.uuid({ version: 4 }),
  fc.uuid({ version: 7 }),
  fc.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
)
/** UUIDs of version 7 that were made about when the row was. */
const timedUuid = fc
  .tuple(instants, fc.uuid({ version: 7 }), fc.integer({ min: -40_000, max: 40_000 }))
  .map(([value, id, apartMs]) => ({ value, id: timed(Math.min(Math.max(value + apartMs, 0), 2 ** 48 - 1), id) }))
const places: fc.Arbitrary<Place & { value: number }> = fc.oneof(
  fc.record({ value: instants, id: anyUuid }),
  fc.record({ value: instants, id: anyUuid.map((id) => id.toUpperCase()) }),
  timedUuid,
)

const packed = (place: Place, owner = OWNER) => placeOfUuid(uuidOfPlace(place, owner), owner)

describe('uuidOfPlace', () => {
  it('writes a UUID of version 8, which holds no more than its 128 bits', () => {
    fc.assert(
      fc.property(places, (place) => {
        expect(uuidOfPlace(place, OWNER)).toMatch(V8)
      }),
    )
  })

  it.each([
    'tok_a1b2c3d4e5f6g7h8i9j0k1l2',
    '',
    'b4f0c0de00004000800000000000000f',
    'B4f0c0de-0000-4000-8000-00000000000f',
  ])('refuses an id that is no UUID, or in mixed case: %j', (id) => {
    expect(() => uuidOfPlace({ value: AT, id }, OWNER)).toThrow(TypeError)
  })

  it.each([null, 'active', -1, 2 ** 48, Number.NaN])('refuses a place that is not by creation: %j', (value) => {
    expect(() => uuidOfPlace({ value, id: randomUUID() }, OWNER)).toThrow(TypeError)
  })
})

describe('placeOfUuid', () => {
  it('gives a place of the same instant that is the row’s own or just behind it, and has the case of its id', () => {
    fc.assert(
      fc.property(places, (place) => {
        const read = packed(place)
        expect(read?.value).toBe(place.value)
        expect(compare(place, read ?? place)).toBeLessThanOrEqual(0)
        expect(read?.id.slice(0, 15)).toBe(place.id.slice(0, 15))
      }),
    )
  })

  it('keeps apart the rows of one millisecond', () => {
    fc.assert(
      fc.property(instants, fc.uniqueArray(fc.uuid({ version: 4 }), { minLength: 2, maxLength: 50 }), (value, ids) => {
        const rows = ids.map((id) => ({ value, id })).toSorted(compare)
        for (const [number, row] of rows.entries()) {
          const place = packed(row) ?? row
          expect(rows.filter((other) => compare(other, place) > 0)).toEqual(rows.slice(number + 1))
        }
      }),
    )
  })

  it('keeps apart the rows of one millisecond whose ids have a time of their own within half a minute', () => {
    const inFirstBits = (id: string) => id.slice('00000000-0000-7'.length, '00000000-0000-7000-8000-000'.length)
    const ids = fc.uniqueArray(fc.uuid({ version: 7 }), { minLength: 2, maxLength: 50, selector: inFirstBits })
    fc.assert(
      fc.property(ids, fc.integer({ min: -32_000, max: 32_000 }), (some, apartMs) => {
        const rows = some.map((id) => ({ value: AT, id: timed(AT + apartMs, id) })).toSorted(compare)
        for (const [number, row] of rows.entries()) {
          const place = packed(row) ?? row
          expect(rows.filter((other) => compare(other, place) > 0)).toEqual(rows.slice(number + 1))
        }
      }),
    )
  })

  it('reads either case', () => {
    const place = { value: AT, id: randomUUID() }
    const uuid = uuidOfPlace(place, OWNER)
    expect(placeOfUuid(uuid.toUpperCase(), OWNER)).toEqual(placeOfUuid(uuid, OWNER))
  })

  it('gives null for a UUID of another version, and for the place of another owner', () => {
    expect(placeOfUuid(randomUUID(), OWNER)).toBeNull()
    expect(placeOfUuid('00000000-0000-0000-0000-000000000000', OWNER)).toBeNull()
    expect(placeOfUuid('ffffffff-ffff-ffff-ffff-ffffffffffff', OWNER)).toBeNull()
    const foreign = Array.from({ length: 200 }, () => uuidOfPlace({ value: AT, id: randomUUID() }, OTHER_OWNER))
    expect(foreign.filter((uuid) => placeOfUuid(uuid, OWNER) !== null).length).toBeLessThan(2)
  })

  it('gives null for one that was changed anywhere, but for one in 131,072', () => {
    const uuid = uuidOfPlace({ value: AT, id: randomUUID() }, OWNER)
    const changed = [...uuid].flatMap((digit, index) =>
      digit === '-' ? [] : [`${uuid.slice(0, index)}${digit === '0' ? '1' : '0'}${uuid.slice(index + 1)}`],
    )
    expect(changed.filter((other) => placeOfUuid(other, OWNER) !== null).length).toBeLessThan(2)
  })
})

function timed(at: number, id: string): string {
  const hex = at.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}${id.slice(13)}`
}
