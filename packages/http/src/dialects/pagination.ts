import type { TokenWindow } from '@tessera/core'

/** The window of a list by position, for dialects without any other. */
export function offsetWindow(window: TokenWindow): { readonly offset: number; readonly limit: number } {
  if (window === 'all' || !('offset' in window)) throw new TypeError('this dialect writes pages by offset only')
  return window
}

/** The arithmetic of a page by position: items and pages count from one, offsets from zero. */
export function writePagination(window: TokenWindow, shown: number, total: number): object {
  const { offset, limit } = offsetWindow(window)
  const pages = Math.ceil(total / limit)
  return {
    item_count: total,
    item_start: shown === 0 ? 0 : offset + 1,
    item_end: shown === 0 ? 0 : offset + shown,
    page_count: pages,
    page_index: Math.floor(offset / limit) + 1,
    page_offset: offset,
    page_size: limit,
    next_page_offset: offset + limit < total ? offset + limit : null,
    previous_page_offset: offset === 0 ? null : previousOffset(),
  }

  function previousOffset(): number {
    return Math.max(0, offset < total ? offset - limit : (pages - 1) * limit)
  }
}
