import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import page from './fixtures/offset-list.json' with { type: 'json' }
import { offsetWindow, writePagination } from './pagination.ts'

/** The pagination of a list of `total` rows, of which the window shows what there is. */
function paginate(offset: number, limit: number, total: number) {
  const shown = Math.max(0, Math.min(limit, total - offset))
  return writePagination({ offset, limit }, shown, total) as typeof page.pagination & {
    next_page_offset: number | null
    previous_page_offset: number | null
  }
}

describe('offsetWindow', () => {
  it('gives back a window by position', () => {
    expect(offsetWindow({ offset: 20, limit: 10 })).toEqual({ offset: 20, limit: 10 })
  })

  it('refuses any other, which a dialect by offset never reads', () => {
    expect(() => offsetWindow('all')).toThrow(TypeError)
    expect(() => offsetWindow({ after: null, limit: 10 })).toThrow(TypeError)
  })
})

describe('writePagination', () => {
  it('writes the numbers of the API page, where the next page starts at 100: 110 would skip ten items', () => {
    expect(paginate(90, 10, 200)).toEqual({ ...page.pagination, next_page_offset: 100 })
    expect(page.pagination.next_page_offset).toBe(110)
  })

  it.each([
    // offset, limit, total, start, end, pages, index, next, previous
    [0, 10, 0, 0, 0, 0, 1, null, null],
    [5, 10, 0, 0, 0, 0, 1, null, 0],
    [0, 10, 1, 1, 1, 1, 1, null, null],
    [0, 10, 10, 1, 10, 1, 1, null, null],
    [0, 10, 11, 1, 10, 2, 1, 10, null],
    [10, 10, 11, 11, 11, 2, 2, null, 0],
    [3, 10, 20, 4, 13, 2, 1, 13, 0],
    [15, 10, 20, 16, 20, 2, 2, null, 5],
    [20, 10, 20, 0, 0, 2, 3, null, 10],
    [20, 8, 20, 0, 0, 3, 3, null, 16],
    [1000, 10, 25, 0, 0, 3, 101, null, 20],
    [7, 100, 3, 0, 0, 1, 1, null, 0],
  ])('from %i by %i of %i', (offset, limit, total, start, end, pages, index, next, previous) => {
    expect(paginate(offset, limit, total)).toEqual({
      item_count: total,
      item_start: start,
      item_end: end,
      page_count: pages,
      page_index: index,
      page_offset: offset,
      page_size: limit,
      next_page_offset: next,
      previous_page_offset: previous,
    })
  })

  const sizes = fc.record({ limit: fc.integer({ min: 1, max: 100 }), total: fc.nat(500) })

  it('leads from the first page through every item once', () => {
    fc.assert(
      fc.property(sizes, ({ limit, total }) => {
        const seen: number[] = []
        let pages = 0
        let offset: number | null = 0
        while (offset !== null) {
          const { item_start, item_end, next_page_offset } = paginate(offset, limit, total)
          for (let item = item_start; item <= item_end && item > 0; item++) seen.push(item)
          offset = next_page_offset
          pages += 1
        }
        expect(seen).toEqual(Array.from({ length: total }, (_, i) => i + 1))
        expect(pages).toBe(Math.max(1, paginate(0, limit, total).page_count))
      }),
    )
  })

  it('leads back from anywhere to the first page, never past it and never to an empty one', () => {
    fc.assert(
      fc.property(sizes, fc.nat(1000), ({ limit, total }, from) => {
        for (let offset = from; offset > 0; ) {
          const previous = paginate(offset, limit, total).previous_page_offset
          expect(previous).toBeTypeOf('number')
          expect(previous).toBeLessThan(offset)
          expect(previous === 0 || (previous ?? total) < total).toBe(true)
          offset = previous ?? 0
        }
        expect(paginate(0, limit, total).previous_page_offset).toBeNull()
      }),
    )
  })

  it('agrees with itself', () => {
    fc.assert(
      fc.property(sizes, fc.nat(1000), ({ limit, total }, offset) => {
        const written = paginate(offset, limit, total)
        const shown = written.item_start === 0 ? 0 : written.item_end - written.item_start + 1
        expect(shown).toBe(Math.max(0, Math.min(limit, total - offset)))
        expect(written.item_start).toBe(shown === 0 ? 0 : offset + 1)
        expect((written.page_index - 1) * limit).toBeLessThanOrEqual(offset)
        expect(written.page_index * limit).toBeGreaterThan(offset)
        expect(written.page_count * limit).toBeGreaterThanOrEqual(total)
        expect((written.page_count - 1) * limit).toBeLessThan(Math.max(total, 1))
        expect(written.next_page_offset === null).toBe(offset + limit >= total)
      }),
    )
  })
})
