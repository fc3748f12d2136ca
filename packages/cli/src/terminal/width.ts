const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** East Asian wide and fullwidth characters, and emoji. */
const WIDE =
  /^(?:[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1F000}-\u{1FAFF}]|[\u{20000}-\u{3FFFD}])|\p{Emoji_Presentation}|\uFE0F/u
/** One cell each. Most texts are such, and segments of a long list take seconds. */
const PLAIN = /^[\x20-\x7E]*$/
const EMPTY = /^[\p{Mark}\p{Format}]+$/u
/** Control characters, and those that turn the direction of the text after them. */
const DECEIVING = /[\p{Cc}\u200E\u200F\u061C\u2028-\u202E\u2066-\u2069]/gu

/** How many cells of a terminal a text takes. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += EMPTY.test(segment) ? 0 : WIDE.test(segment) ? 2 : 1
  return width
}

/** A text that cannot move the cursor, change colours or turn the line round. */
export function printable(text: string): string {
  return text.replace(DECEIVING, '\uFFFD')
}

/** A text of at most so many cells. A cut one ends in `…`. */
export function cutTo(text: string, cells: number): string {
  if (widthOf(text) <= cells) return text
  let cut = ''
  let width = 0
  for (const { segment } of graphemes.segment(text)) {
    width += widthOf(segment)
    if (width > cells - 1) break
    cut += segment
  }
  return `${cut}…`
}
